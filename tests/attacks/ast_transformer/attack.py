import ast


class Drop(ast.NodeTransformer):
    def visit_Assert(self, node):
        return None

    def visit_Raise(self, node):
        return ast.Pass()


get_ipython().ast_transformers.append(Drop())
