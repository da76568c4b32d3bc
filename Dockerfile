# The service in a container: docker build -t vision-readiness . && docker run -p 8000:8000 -v readiness:/data vision-readiness
FROM python:3.12-slim AS build
WORKDIR /source
COPY . .
RUN python -m pip install --no-cache-dir build \
 && python -m build --wheel --outdir /wheels \
 && python -m venv /opt/readiness \
 && /opt/readiness/bin/pip install --no-cache-dir --constraint constraints.txt "$(ls /wheels/*.whl)[service]"

FROM python:3.12-slim
# pg_dump and pg_restore, for the commands backup and restore
RUN apt-get update \
 && apt-get install --yes --no-install-recommends postgresql-client \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin readiness \
 && install --directory --owner readiness --mode 0700 /data
COPY --from=build /opt/readiness /opt/readiness
ENV PATH=/opt/readiness/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    HOME=/data \
    VISION_READINESS_DATA=/data \
    VISION_READINESS_HOST=0.0.0.0
USER readiness
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=6s --start-period=30s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=5)"]
ENTRYPOINT ["vision-readiness-webhook"]
