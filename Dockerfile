# The council's image. The web server, the worker, the beat and the migration are this image with another command: see
# docker-compose.yml. Everything that changes between installations comes from the environment.

FROM node:22-bookworm-slim AS assets
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --no-fund --no-audit
COPY static static
RUN npm run build

FROM python:3.13-slim-bookworm AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /venv
COPY requirements.txt .
RUN /venv/bin/pip install --require-hashes -r requirements.txt

FROM python:3.13-slim-bookworm
# What WeasyPrint lays pages out with, and a font that packs are set in.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin hdcperf
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp
WORKDIR /app
COPY --from=packages /venv /venv
COPY . .
COPY --from=assets /app/static/build static/build
# The key signs nothing here: files are only copied, and named by what is in them.
RUN SECRET_KEY=only-to-collect-files python manage.py collectstatic --no-input
USER hdcperf
EXPOSE 8000
CMD ["gunicorn", "hdcperf.wsgi", "--bind", "0.0.0.0:8000", "--threads", "4", "--no-control-socket"]
