# Rathaus in a container: the one static binary on an empty image, as a user without rights.
#
#   docker build -t rathaus .
#   docker run -d --name rathaus -v rathaus:/data -p 8080:8080 -p 7882:7882/udp -p 7882:7882 \
#     -e RATHAUS_SERVER_PUBLIC_URL=https://rathaus.example -e RATHAUS_MEET_PUBLIC_IPS=192.0.2.10 rathaus
#   docker logs rathaus            # shows the one-time set-up link
#   docker exec rathaus /rathaus doctor

FROM node:24-bookworm-slim AS web
WORKDIR /src/ui
COPY ui/package.json ui/package-lock.json ./
RUN npm install --no-save --no-audit --no-fund
COPY ui ./
RUN npm run build

FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=web /src/ui/dist ui/dist
ARG VERSION=
# One tag puts the time zones inside, because the image has none; the other
# leaves a codec out that nobody calls.
RUN CGO_ENABLED=0 go build -trimpath -tags timetzdata,nomsgpack \
    -ldflags "-s -w -X rathaus/internal/cli.Version=${VERSION}" -o /out/rathaus . \
 && install -d -m 700 /out/data \
 && install -d -m 1777 /out/tmp

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/rathaus /rathaus
COPY --from=build /out/tmp /tmp
COPY --from=build --chown=65532:65532 /out/data /data
USER 65532:65532
ENV RATHAUS_DATA_DIR=/data
WORKDIR /data
VOLUME /data
# Portal; media over UDP and TCP. Metrics stay inside unless server.metrics_listen says otherwise.
EXPOSE 8080/tcp 7882/udp 7882/tcp
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=1m CMD ["/rathaus", "health"]
ENTRYPOINT ["/rathaus"]
CMD ["serve"]
