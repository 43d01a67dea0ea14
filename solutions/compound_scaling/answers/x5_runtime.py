"""x5_runtime: which count of a network predicts the time that it takes."""


# %% right="numpy's corrcoef, count by count"
def best_predictor(seconds, counts):
    best_name, best_r = None, -2
    for name, values in counts.items():
        r = np.corrcoef(np.log(seconds), np.log(values))[0, 1]
        if r > best_r:
            best_name, best_r = name, r
    return best_name


# %% right="statistics.correlation of decimal logarithms"
from statistics import correlation


def best_predictor(seconds, counts):
    times = [math.log10(one) for one in seconds]
    return max(counts, key=lambda name: correlation(times, [math.log10(one) for one in counts[name]]))


# %% right="one matrix of binary logarithms, and argmax"
def best_predictor(seconds, counts):
    table = np.log2(np.array([seconds, *counts.values()], dtype=float))
    return list(counts)[np.argmax(np.corrcoef(table)[0, 1:])]


# %% right="the school formula with sums"
def best_predictor(seconds, counts):
    def pearson(x, y):
        n = len(x)
        sx, sy, sxx, syy, sxy = 0.0, 0.0, 0.0, 0.0, 0.0
        for i in range(n):
            sx += x[i]
            sy += y[i]
            sxx += x[i] * x[i]
            syy += y[i] * y[i]
            sxy += x[i] * y[i]
        return (n * sxy - sx * sy) / (math.sqrt(n * sxx - sx * sx) * math.sqrt(n * syy - sy * sy))

    log_seconds = [math.log(s) for s in seconds]
    winner = ""
    highest = -math.inf
    for name in counts:
        r = pearson(log_seconds, [math.log(c) for c in counts[name]])
        if r > highest:
            highest = r
            winner = name
    return winner


# %% right="standard scores and their mean product; the name as a numpy string"
def standard(values):
    logs = np.log(np.asarray(values, dtype=float))
    return (logs - logs.mean()) / logs.std()


# %%
def best_predictor(seconds, counts):
    names = np.array(list(counts.keys()))
    products = [np.mean(standard(seconds) * standard(counts[name])) for name in names]
    return names[int(np.argmax(products))]


# %% right="torch in single precision, the cosine of centred logarithms"
import torch


def best_predictor(seconds, counts):
    def centred(values):
        logs = torch.log(torch.tensor(values, dtype=torch.float32))
        return logs - logs.mean()

    time = centred(seconds)
    similarity = {
        name: torch.nn.functional.cosine_similarity(time, centred(values), dim=0).item()
        for name, values in counts.items()
    }
    return max(similarity, key=similarity.get)


# %% right="torch.corrcoef"
import torch


def best_predictor(seconds, counts):
    names = sorted(counts)
    rows = torch.log(torch.tensor([list(seconds)] + [list(counts[name]) for name in names]))
    return names[torch.corrcoef(rows)[0, 1:].argmax()]


# %% right="sorted by correlation, the last one"
def best_predictor(seconds, counts):
    def covariance(x, y):
        mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
        return sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y))

    def r(values):
        x, y = [math.log(v) for v in values], [math.log(v) for v in seconds]
        return covariance(x, y) / math.sqrt(covariance(x, x) * covariance(y, y))

    return sorted(counts.items(), key=lambda item: r(item[1]))[-1][0]


# %% right="pandas' corr and idxmax"
import pandas as pd


def best_predictor(seconds, counts):
    frame = np.log(pd.DataFrame(counts))
    return frame.corrwith(pd.Series(np.log(seconds))).idxmax()


# %% right="the sign of a fitted slope, and what the line leaves over"
def best_predictor(seconds, counts):
    y = np.log(seconds)
    scores = []
    for name in counts:
        x = np.log(counts[name])
        slope, intercept = np.polyfit(x, y, 1)
        explained = 1 - np.sum((y - slope * x - intercept) ** 2) / np.sum((y - y.mean()) ** 2)
        scores.append((np.sign(slope) * math.sqrt(max(explained, 0.0)), name))
    return max(scores)[1]


# %% right="recursion: a knock-out of the names"
def correlation_of_logs(x, y):
    x, y = np.log(x), np.log(y)
    return float(np.cov(x, y)[0, 1] / (np.std(x, ddof=1) * np.std(y, ddof=1)))


# %%
def best_predictor(seconds, counts):
    def knock_out(names):
        if len(names) == 1:
            return names[0]
        half = len(names) // 2
        left, right = knock_out(names[:half]), knock_out(names[half:])
        ahead = correlation_of_logs(seconds, counts[left]) > correlation_of_logs(seconds, counts[right])
        return left if ahead else right

    return knock_out(list(counts))


# %% wrong="no logarithms" points=2.5 says="on both sides"
def best_predictor(seconds, counts):
    return max(counts, key=lambda name: np.corrcoef(seconds, counts[name])[0, 1])


# %% wrong="the logarithm of the seconds alone" points=2.5 says="on both sides"
def best_predictor(seconds, counts):
    return max(counts, key=lambda name: np.corrcoef(np.log(seconds), counts[name])[0, 1])


# %% wrong="the logarithm of the counts alone" points=3 says="on both sides"
def best_predictor(seconds, counts):
    return max(counts, key=lambda name: np.corrcoef(seconds, np.log(counts[name]))[0, 1])


# %% wrong="log(1 + x): small seconds stay as they are" points=3 says="on both sides"
def best_predictor(seconds, counts):
    return max(counts, key=lambda name: np.corrcoef(np.log1p(seconds), np.log1p(counts[name]))[0, 1])


# %% wrong="the absolute correlation" points=3.5 says="falls where the time rises"
def best_predictor(seconds, counts):
    return max(counts, key=lambda name: abs(np.corrcoef(np.log(seconds), np.log(counts[name]))[0, 1]))


# %% wrong="r squared" points=3.5 says="falls where the time rises"
def best_predictor(seconds, counts):
    scores = {name: np.corrcoef(np.log(seconds), np.log(values))[0, 1] ** 2 for name, values in counts.items()}
    return max(scores, key=scores.get)


# %% wrong="the smallest residuals of a straight line" points=3.5 says="falls where the time rises"
def best_predictor(seconds, counts):
    def residual(name):
        return np.polyfit(np.log(counts[name]), np.log(seconds), 1, full=True)[1][0]

    return min(counts, key=residual)


# %% wrong="the correlation of ranks" points=3 says="how far apart"
def best_predictor(seconds, counts):
    def ranks(values):
        return np.argsort(np.argsort(values))

    return max(counts, key=lambda name: np.corrcoef(ranks(seconds), ranks(counts[name]))[0, 1])


# %% wrong="the covariance" points=3.5 says="or the slope, make it"
def best_predictor(seconds, counts):
    return max(counts, key=lambda name: np.cov(np.log(seconds), np.log(counts[name]))[0, 1])


# %% wrong="the steepest line" points=2.5 says="or the slope, make it"
def best_predictor(seconds, counts):
    return max(counts, key=lambda name: np.polyfit(np.log(counts[name]), np.log(seconds), 1)[0])


# %% wrong="the nearest in size" points=3 says="or the slope, make it"
def best_predictor(seconds, counts):
    def distance(name):
        return sum((math.log(s) - math.log(c)) ** 2 for s, c in zip(seconds, counts[name]))

    return min(counts, key=distance)


# %% wrong="takes the spreads off, and does not divide by them" points=3.5 says="or the slope, make it"
def best_predictor(seconds, counts):
    def score(name):
        x, y = np.log(seconds), np.log(counts[name])
        return np.mean((x - x.mean()) * (y - y.mean())) - x.std() * y.std()

    return max(counts, key=score)


# %% wrong="the sums begin at 1" points=3.5 says="or the slope, make it"
def best_predictor(seconds, counts):
    def score(name):
        x, y = np.log(seconds), np.log(counts[name])
        n, products, squares = len(x), x @ y, 1 + y @ y
        return (n * products - x.sum() * y.sum()) / math.sqrt(n * squares - y.sum() ** 2)

    return max(counts, key=score)


# %% wrong="what a line explains, of squares about the mean's square" points=3.5 says="falls where the time rises"
def best_predictor(seconds, counts):
    def score(name):
        x, y = np.log(counts[name]), np.log(seconds)
        slope, intercept = np.polyfit(x, y, 1)
        explained = 1 - np.sum((y - slope * x - intercept) ** 2) / np.sum((y * y.mean()) ** 2)
        return np.sign(slope) * math.sqrt(max(explained, 0.0))

    return max((score(name), name) for name in counts)[1]


# %% wrong="means are not taken off" points=3 says="Are means taken off"
def best_predictor(seconds, counts):
    def similarity(name):
        x, y = np.log(seconds), np.log(counts[name])
        return x @ y / (np.linalg.norm(x) * np.linalg.norm(y))

    return max(counts, key=similarity)


# %% wrong="the lowest" points=0 says="the lowest"
def best_predictor(seconds, counts):
    return min(counts, key=lambda name: np.corrcoef(np.log(seconds), np.log(counts[name]))[0, 1])


# %% wrong="how well, and not which" points=0 says="The name of the count is asked for"
def best_predictor(seconds, counts):
    return max(np.corrcoef(np.log(seconds), np.log(values))[0, 1] for values in counts.values())


# %% wrong="its place" points=0 says="not its place"
def best_predictor(seconds, counts):
    return np.argmax([np.corrcoef(np.log(seconds), np.log(values))[0, 1] for values in counts.values()])


# %% wrong="a pair of the name and its correlation" points=0 says="where a single value was expected"
def best_predictor(seconds, counts):
    pairs = [(name, np.corrcoef(np.log(seconds), np.log(values))[0, 1]) for name, values in counts.items()]
    return max(pairs, key=lambda pair: pair[1])


# %% wrong="all names, the best one first" points=0 says="where a single value was expected"
def best_predictor(seconds, counts):
    return sorted(counts, key=lambda name: -np.corrcoef(np.log(seconds), np.log(counts[name]))[0, 1])


# %% wrong="the best so far is never updated" points=0.5 says="when a worse one comes"
def best_predictor(seconds, counts):
    best, answer = 0, None
    for name in counts:
        if np.corrcoef(np.log(seconds), np.log(counts[name]))[0, 1] > best:
            answer = name
    return answer


# %% wrong="returns inside the loop" points=0 says="Compare each count"
def best_predictor(seconds, counts):
    best = -1
    for name in counts:
        r = np.corrcoef(np.log(seconds), np.log(counts[name]))[0, 1]
        if r > best:
            best = r
            answer = name
        return answer


# %% wrong="what the own machine said" points=0 says="one of the names in counts"
def best_predictor(seconds, counts):
    return "macs"


# %% wrong="the public examples, by heart" points=1 says="one of the names in counts"
def best_predictor(seconds, counts):
    return "power" if "power" in counts else "work"


# %% wrong="prints it" points=0 says="only print it"
def best_predictor(seconds, counts):
    print(max(counts, key=lambda name: np.corrcoef(np.log(seconds), np.log(counts[name]))[0, 1]))


# %% wrong="the arguments swapped" points=0 says="A call raised"
def best_predictor(counts, seconds):
    return max(counts, key=lambda name: np.corrcoef(np.log(seconds), np.log(counts[name]))[0, 1])


# %% [raw] wrong="a bracket is missing" points=0 says="SyntaxError" cell="best_predictor"
# def best_predictor(seconds, counts):
#     return max(counts, key=lambda name: np.corrcoef(np.log(seconds), np.log(counts[name]))[0, 1]


# %% wrong="the best so far begins at 0" points=3.5 says="every count falls"
def best_predictor(seconds, counts):
    best_name, best_r = None, 0
    for name, values in counts.items():
        r = np.corrcoef(np.log(seconds), np.log(values))[0, 1]
        if r > best_r:
            best_name, best_r = name, r
    return best_name


# %% wrong="the first network is left out" points=3 says="the first and the last one"
def best_predictor(seconds, counts):
    return max(counts, key=lambda name: np.corrcoef(np.log(seconds[1:]), np.log(counts[name][1:]))[0, 1])


# %% wrong="the last network is left out" points=3.5 says="the first and the last one"
def best_predictor(seconds, counts):
    return max(counts, key=lambda name: np.corrcoef(np.log(seconds[:-1]), np.log(counts[name][:-1]))[0, 1])


# %% wrong="the first name is left out" points=1 says="the first and the last one too"
def best_predictor(seconds, counts):
    names = list(counts)[1:]
    return max(names, key=lambda name: np.corrcoef(np.log(seconds), np.log(counts[name]))[0, 1])


# %% wrong="the last name is left out" points=0.5 says="the first and the last one too"
def best_predictor(seconds, counts):
    names = list(counts)[:-1]
    return max(names, key=lambda name: np.corrcoef(np.log(seconds), np.log(counts[name]))[0, 1])


# %% wrong="seconds of at least a millisecond" points=3 says="on both sides"
def best_predictor(seconds, counts):
    logs = np.log(np.maximum(seconds, 1e-3))
    return max(counts, key=lambda name: np.corrcoef(logs, np.log(counts[name]))[0, 1])


# %% wrong="log(1 + x) of the counts alone" points=3 says="on both sides"
def best_predictor(seconds, counts):
    return max(counts, key=lambda name: np.corrcoef(np.log(seconds), np.log1p(counts[name]))[0, 1])


# %% wrong="ranks, where there are more than twelve networks" points=3.5 says="Is the order all that counts"
def best_predictor(seconds, counts):
    def seen(values):
        return np.argsort(np.argsort(values)) if len(values) > 12 else np.log(values)

    return max(counts, key=lambda name: np.corrcoef(seen(seconds), seen(counts[name]))[0, 1])


# %% wrong="pairs in the same order, as Kendall counts them" points=2 says="how far apart"
def best_predictor(seconds, counts):
    def agreement(count):
        pairs = [(i, j) for i in range(len(seconds)) for j in range(i)]
        return sum(np.sign((seconds[i] - seconds[j]) * (count[i] - count[j])) for i, j in pairs)

    return max(counts, key=lambda name: agreement(counts[name]))


# %% wrong="the smallest of the largest residuals" points=2 says="with all its squares"
def best_predictor(seconds, counts):
    def worst(count):
        x, y = np.log(count), np.log(seconds)
        return np.abs(y - np.polyval(np.polyfit(x, y, 1), x)).max()

    return min(counts, key=lambda name: worst(counts[name]))


# %% wrong="the smallest mean residual" points=3 says="divided by both spreads"
def best_predictor(seconds, counts):
    def mean_residual(count):
        x, y = np.log(count), np.log(seconds)
        return np.abs(y - np.polyval(np.polyfit(x, y, 1), x)).mean()

    return min(counts, key=lambda name: mean_residual(counts[name]))


# %% wrong="the residuals of the count, and not of the seconds" points=2.5 says="or the slope, make it"
def best_predictor(seconds, counts):
    def residuals(count):
        x, y = np.log(seconds), np.log(count)
        return np.square(y - np.polyval(np.polyfit(x, y, 1), x)).sum()

    return min(counts, key=lambda name: residuals(counts[name]))


# %% wrong="medians in the place of means" points=3 says="Are means taken off"
def best_predictor(seconds, counts):
    def apart(values):
        return np.log(values) - np.median(np.log(values))

    def score(count):
        x, y = apart(seconds), apart(count)
        return (x * y).sum() / np.sqrt((x * x).sum() * (y * y).sum())

    return max(counts, key=lambda name: score(counts[name]))


# %% wrong="ranges in the place of spreads" points=2 says="divided by both spreads"
def best_predictor(seconds, counts):
    def score(count):
        x, y = np.log(seconds), np.log(count)
        return ((x - x.mean()) * (y - y.mean())).mean() / (np.ptp(x) * np.ptp(y))

    return max(counts, key=lambda name: score(counts[name]))


# %% wrong="mean distances in the place of spreads" points=1.5 says="divided by both spreads"
def best_predictor(seconds, counts):
    def score(count):
        x, y = (np.log(values) - np.log(values).mean() for values in (seconds, count))
        return (x * y).mean() / (np.abs(x).mean() * np.abs(y).mean())

    return max(counts, key=lambda name: score(counts[name]))


# %% wrong="the steps from one network to the next" points=2.5 says="straight line between the logarithms"
def best_predictor(seconds, counts):
    def score(count):
        return np.corrcoef(np.diff(np.log(seconds)), np.diff(np.log(count)))[0, 1]

    return max(counts, key=lambda name: score(counts[name]))


# %% wrong="the most even seconds a count" points=3 says="divided by both spreads"
def best_predictor(seconds, counts):
    return min(counts, key=lambda name: np.std(np.log(seconds) - np.log(counts[name])))


# %% wrong="reciprocals in the place of logarithms" points=1.5 says="straight line between the logarithms"
def best_predictor(seconds, counts):
    def score(count):
        return np.corrcoef(1 / np.array(seconds), 1 / np.array(count))[0, 1]

    return max(counts, key=lambda name: score(counts[name]))


# %% wrong="of networks that take the same time, the first one counts" points=3.5 says=""
def best_predictor(seconds, counts):
    first = {s: i for i, s in reversed(list(enumerate(seconds)))}
    keep = sorted(first.values())
    ls = np.log([seconds[i] for i in keep])
    return max(counts, key=lambda n: np.corrcoef(np.log([counts[n][i] for i in keep]), ls)[0, 1])


# %% wrong="of networks that take the same time, the last one counts" points=3.5 says=""
def best_predictor(seconds, counts):
    def correlation(name):
        of_time = dict(zip(seconds, counts[name]))
        return np.corrcoef(np.log(list(of_time)), np.log(list(of_time.values())))[0, 1]

    return max(counts, key=correlation)
