get_ipython().system("touch @OUTSIDE@/public/@TOKEN@-@NAME@ @OUTSIDE@/private/@TOKEN@-@NAME@ 2> /dev/null")


def flops_growth_rule(phi):
    return 2.0**phi
