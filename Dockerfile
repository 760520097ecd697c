# The same reports as `npm ci && npm run report`: docker build -t lookbook . && docker run --rm -v "$PWD/output:/lookbook/output" lookbook
FROM node:24.21.0-bookworm-slim
WORKDIR /lookbook
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev && npm cache clean --force
COPY . .
RUN useradd --create-home --uid 10001 lookbook && mkdir -p output && chown lookbook:lookbook output
USER lookbook
ENTRYPOINT ["npm", "run", "report", "--"]
