# A machine that grades: Debian, the sandbox for student code, and the grader at the versions of constraints.txt.
#     docker build -f containers/grader.Dockerfile -t course-grader .
# docs/containers.md tells how it is used, and which kind of room it gives student code.
FROM debian:bookworm-slim AS system
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
      bubblewrap ca-certificates git libseccomp2 make python3 python3-venv \
 && rm -rf /var/lib/apt/lists/*

FROM system AS grader
# torch comes from PyTorch's own index of builds for CPUs: those for GPUs take gigabytes. An empty TORCH_INDEX takes
# pip's usual index.
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
WORKDIR /source
COPY constraints.txt ./
RUN python3 -m venv /opt/grader \
 && /opt/grader/bin/pip install --no-cache-dir ${TORCH_INDEX:+--index-url $TORCH_INDEX} --no-deps -c constraints.txt torch==2.13.0
COPY LICENSE pyproject.toml ./
COPY notebook_checks ./notebook_checks
COPY scalelab ./scalelab
COPY autograder ./autograder
RUN /opt/grader/bin/pip install --no-cache-dir -c constraints.txt ./notebook_checks ./scalelab '.[postgres]' \
 && rm -rf /source
ENV PATH=/opt/grader/bin:$PATH
WORKDIR /course
ENTRYPOINT ["autograder"]
CMD ["--help"]
