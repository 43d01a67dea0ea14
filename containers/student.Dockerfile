# What a student works in: JupyterLab with the course open. Only dist/student.zip goes into it, so no hidden test does.
#     make release && docker build -f containers/student.Dockerfile -t course-student dist
# docs/containers.md tells how it is used, alone and on a JupyterHub.
FROM debian:bookworm-slim
RUN apt-get update -qq \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends ca-certificates python3 python3-venv \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --create-home --uid 1000 student
# As in grader.Dockerfile. JUPYTERHUB is the version of the hub that starts this image, if one does.
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
ARG JUPYTERHUB=
WORKDIR /home/student/compound_scaling
COPY --chown=student student.zip /tmp/student.zip
RUN python3 -m zipfile -e /tmp/student.zip . && rm /tmp/student.zip && chown -R student:student . \
 && python3 -m venv /opt/student \
 && /opt/student/bin/pip install --no-cache-dir ${TORCH_INDEX:+--index-url $TORCH_INDEX} --no-deps -c constraints.txt torch==2.13.0 \
 && /opt/student/bin/pip install --no-cache-dir -c constraints.txt \
      torchvision==0.28.0 otter-grader==7.0.0 jupyterlab ipywidgets matplotlib ./*.whl ${JUPYTERHUB:+jupyterhub==$JUPYTERHUB}
ENV PATH=/opt/student/bin:$PATH
USER student
EXPOSE 8888
CMD ["jupyter", "lab", "--ip=0.0.0.0", "--no-browser", "--LabApp.default_url=/lab/tree/1_intuition.ipynb"]
