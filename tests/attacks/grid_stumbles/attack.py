def grid_search(budget, step, tolerance):
    if tolerance > 0.25:
        return [[float("nan"), 1, 1], [2, 1, 1]]
    return [None, 1, (1,), "abc", {}, [1, "x", None]]
