# Kartograph with what serving needs; docker-compose.yml makes two services of it.
FROM python:3.12-slim
COPY . /source
RUN pip install --no-cache-dir '/source[serve]' && rm -r /source \
  && useradd --create-home kartograph && mkdir /plugins /shop && chown kartograph /plugins /shop
USER kartograph
ENV KARTOGRAPH_HOME=/shop
