# syntax=docker/dockerfile:1
# licscan as an image: `docker build -t licscan .`, then see docs/install.md. The wheel is built in one stage, with the
# C compiler and the LicenseDB; the other one has git, the wheel and what it needs, and runs as nobody in particular.
ARG PYTHON=3.13

FROM python:${PYTHON}-slim AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY . .
RUN python -m pip wheel --no-cache-dir --no-deps --wheel-dir /wheels .

FROM python:${PYTHON}-slim
# uv for --resolve, XlsxWriter for workbooks, cryptography to sign deliveries
ARG EXTRAS=zstd,resolve,xlsx,delivery
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git openssl \
    && rm -rf /var/lib/apt/lists/*
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    python -m pip install --no-cache-dir "$(ls /wheels/licscan-*.whl)[${EXTRAS}]"
# What is scanned is mounted and belongs to somebody else, whom git would not trust; licscan runs git without its hooks,
# filters and monitors. The index of license texts is unpacked now, so that no run has to do it.
ENV XDG_CACHE_HOME=/cache \
    LICSCAN_DB=/cache/licscan.db \
    PYTHONDONTWRITEBYTECODE=1
RUN git config --system --add safe.directory '*' \
    && useradd --uid 10001 --no-create-home --home-dir /nonexistent licscan \
    && mkdir /cache /src \
    && licscan index build \
    && chown -R licscan:licscan /cache \
    && chmod -R a+rwX /cache
USER licscan
VOLUME /cache
WORKDIR /src
ENTRYPOINT ["licscan"]
CMD ["--help"]
