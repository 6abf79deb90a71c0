# The server with its production dependencies. It runs as a user without rights, and writes nothing: start it with a
# read-only root file system. docs/operations.md ("Deploy") has the commands.

ARG NODE_IMAGE=node:22.21-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY scripts ./scripts
COPY src ./src
COPY web ./web
RUN npm run build

FROM ${NODE_IMAGE} AS dependencies
WORKDIR /dependencies
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM ${NODE_IMAGE} AS runtime
ARG VERSION=unreleased
LABEL org.opencontainers.image.title="zoom-grant-server" \
      org.opencontainers.image.description="GraphQL API server for user-managed OAuth 2.0 with Zoom" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}"
ENV NODE_ENV=production
WORKDIR /app
# Everything belongs to root, so the server cannot change its own code.
COPY package.json LICENSE ./
COPY --from=dependencies /dependencies/node_modules ./node_modules
COPY --from=build /build/dist ./dist
# The user "node" of the base image, by number: Kubernetes can then see that it is not root.
USER 1000:1000
EXPOSE 5001
# The server handles it as the first process of the container: it drains, and ends with code 0.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 5001) + '/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js"]
