import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What Node's own server takes to answer with so many bytes, whatever is asked. */
const body = `"${'x'.repeat(Number(process.argv[2]) - 2)}"`;
const server = createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}\n`));
