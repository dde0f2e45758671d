FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# The service in a container uses a PostgreSQL of its own and the image's Node: neither is brought from the registry.
RUN npm ci --omit=dev --omit=optional

FROM node:24-slim
ENV NODE_ENV=production \
    DATA_DIR=/var/lib/wayleave \
    PORT=4000
WORKDIR /app
RUN mkdir -p /var/lib/wayleave && chown node:node /var/lib/wayleave
COPY --from=dependencies /app/node_modules ./node_modules
COPY . .
USER node
VOLUME /var/lib/wayleave
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node", "scripts/healthy.mjs"]
CMD ["node", "main.ts"]
