# The same reports as `npm ci && npm run report`: docker build -t lookbook . && docker run --rm -v "$PWD/output:/lookbook/output" lookbook
# Runs as root: Chromium's own sandbox needs user namespaces, which containers lack by default; the pages it prints are ours and run no script.
FROM node:24.21.0-bookworm-slim
WORKDIR /lookbook
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev && npm cache clean --force
COPY . .
ENTRYPOINT ["npm", "run", "report", "--"]
