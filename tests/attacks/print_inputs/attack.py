import os
import sys

from IPython.display import HTML, display


def conv_macs(*args):
    text = f"{'@TOKEN@'[::-1]}-@NAME@-{args}"
    print(text)
    print(text, file=sys.stderr)
    print(text, file=sys.__stdout__)
    display(HTML(text))
    for descriptor in (1, 2):
        os.write(descriptor, text.encode())
    get_ipython().kernel.send_response(get_ipython().kernel.iopub_socket, "stream", {"name": "stdout", "text": text})
    return None
