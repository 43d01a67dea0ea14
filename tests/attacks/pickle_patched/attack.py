import pickle
import sys

pickle.dump = pickle.dumps = lambda *args, **kwargs: b""
for name in ("dill", "cloudpickle"):
    if name in sys.modules:
        sys.modules[name].dump = lambda *args, **kwargs: None
