# Socotra Sync for the Marketplace: linux/amd64, one process; what runs is one bundle without node_modules.
# The optional dependencies are Node itself for laptops; the image brings its own.

FROM --platform=linux/amd64 node:24-slim AS base
# The plan's 128 MB: a small young generation, and collecting in earnest before the container would be killed. One arena:
# glibc's allocator keeps one for each thread otherwise, and what one of them has free is of no use to the others. Blocks of
# 32 kB and more are given back as soon as they are free: between smaller ones that stay they would be holes that nothing fits.
ENV NODE_OPTIONS="--max-semi-space-size=8 --max-old-space-size=56"
ENV MALLOC_ARENA_MAX="1"
ENV MALLOC_MMAP_THRESHOLD_="32768"
WORKDIR /app
RUN mkdir /data && chown node:node /app /data
USER node

FROM base AS build
COPY --chown=node:node package.json package-lock.json .npmrc ./
RUN npm ci --omit=optional
COPY --chown=node:node . .
RUN npm run build
# Plays the whole story against the bundle. It must end well, and it leaves the code of the start compiled for this user.
RUN node sandbox/demo/demo.ts --once

FROM base
ENV NODE_ENV=production \
    DATA_DIR=/data
COPY --from=build --chown=node:node /app/dist ./dist
COPY package.json ./
# The Marketplace looks for the manifest at the root of the image.
COPY socotra-app.json /socotra-app.json
# Only a default for local runs: the platform sets SMP_PORT.
EXPOSE 10111
CMD ["node", "dist/main.js"]
