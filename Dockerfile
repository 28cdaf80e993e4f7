# Socotra Sync for the Marketplace: linux/amd64, one process, no development dependency in what runs.
# The optional dependencies are Node itself for laptops; the image brings its own.

FROM --platform=linux/amd64 node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=optional
COPY nest-cli.json tsconfig.json ./
COPY src ./src
RUN npx nest build

FROM --platform=linux/amd64 node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional

FROM --platform=linux/amd64 node:24-slim
ENV NODE_ENV=production \
    DATA_DIR=/data
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json ./
# The Marketplace looks for the manifest at the root of the image.
COPY socotra-app.json /socotra-app.json
RUN mkdir /data && chown node:node /data
USER node
# Only a default for local runs: the platform sets SMP_PORT.
EXPOSE 10111
CMD ["node", "dist/main.js"]
