def flops_growth_rule(phi):
    """=cmd|' /C calc'!A0 <script>alert(1)</script>"""
    name = "=HYPERLINK(1)\n<img src=x onerror=alert(1)>\x1b[2J"
    raise type(name, (Exception,), {"__str__": lambda self: name, "__module__": name})(name)
