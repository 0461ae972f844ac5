# framing without the training extras: docker build -t framing . && docker run --rm -i framing predict - < article.txt
FROM python:3.12-slim
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY framing framing
COPY models models
RUN pip install --no-cache-dir -c constraints.txt . && rm -rf /src
RUN useradd --create-home reader
USER reader
WORKDIR /home/reader
ENTRYPOINT ["framing"]
