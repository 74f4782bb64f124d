"""Right evaluating functions in the ways in which people write them."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import torch
from sklearn.metrics import accuracy_score, classification_report, confusion_matrix
from torch.utils.data import DataLoader, TensorDataset

from firstlight._metrics import accuracy as our_accuracy


def by_mean(predict: Any, images: Any, labels: Any) -> Any:
    """One line."""
    return (predict(images) == labels).mean()


def by_sklearn(predict: Any, images: Any, labels: Any) -> float:
    """scikit-learn's score."""
    return float(accuracy_score(labels, predict(images)))


def by_report(predict: Any, images: Any, labels: Any) -> float:
    """From the table of scikit-learn's report."""
    report = classification_report(labels, predict(images), output_dict=True, zero_division=0.0)
    found = report["accuracy"] if "accuracy" in report else report["micro avg"]["f1-score"]
    return float(found)


def by_confusion(predict: Any, images: Any, labels: Any) -> float:
    """Trace of the confusion matrix."""
    table = confusion_matrix(labels, predict(images), labels=list(range(10)))
    return float(np.trace(table) / table.sum())


def image_by_image(predict: Any, images: Any, labels: Any) -> float:
    """A batch of one at a time."""
    return sum(int(predict(images[i : i + 1])[0]) == int(labels[i]) for i in range(len(labels))) / len(labels)


def in_percent(predict: Any, images: Any, labels: Any) -> float:
    """Rounded percent."""
    return round(100 * float(np.mean(np.asarray(predict(images)) == np.asarray(labels))), 2)


def weighted_means(predict: Any, images: Any, labels: Any) -> float:
    """Means of batches, weighted by their sizes."""
    parts = np.array_split(np.arange(len(labels)), max(1, len(labels) // 90))
    means = [np.mean(np.asarray(predict(images[part])) == labels[part]) for part in parts]
    return float(np.average(means, weights=[len(part) for part in parts]))


@torch.no_grad()
def torch_logits(predict: Any, images: Any, labels: Any) -> float:
    """The loop of the tutorials: float images in [0, 1], logits, eval mode."""
    predict.eval()
    x = torch.as_tensor(images).float().div(255).unsqueeze(1)
    loader = DataLoader(TensorDataset(x, torch.as_tensor(labels)), batch_size=1000)
    correct = 0
    for data, target in loader:
        pred = predict(data).argmax(dim=1, keepdim=True)
        correct += pred.eq(target.view_as(pred)).sum().item()
    return correct / len(loader.dataset)  # type: ignore[arg-type]


@torch.no_grad()
def torch_loss_and_accuracy(predict: Any, images: Any, labels: Any) -> tuple[float, float]:
    """(loss, accuracy), each summed over the batches."""
    loss, correct, count = 0.0, 0.0, 0
    for start in range(0, len(labels), 77):
        x = (torch.as_tensor(images[start : start + 77]).float() - 33.3) / 78.6
        y = torch.as_tensor(labels[start : start + 77])
        logits = predict(x.flatten(1))
        loss += float(torch.nn.functional.cross_entropy(logits, y, reduction="sum"))
        correct += float((logits.max(1)[1] == y).float().sum())
        count += len(y)
    return loss / count, 100.0 * correct / count


def shuffled_together(predict: Any, images: Any, labels: Any) -> float:
    """A loader that shuffles images and labels together."""
    loader = DataLoader(
        TensorDataset(torch.as_tensor(images), torch.as_tensor(labels)), batch_size=64, shuffle=True
    )
    hits = [torch.as_tensor(predict(x)) == y for x, y in loader]
    return torch.cat(hits).float().mean().item()


def as_dict(predict: Any, images: Any, labels: Any) -> dict[str, float]:
    """Several numbers with names."""
    answers = np.asarray(predict(images))
    return {
        "n": len(labels),
        "accuracy": float((answers == labels).mean()),
        "error": float((answers != labels).mean()),
    }


def padded(predict: Any, images: Any, labels: Any) -> float:
    """All batches of one size, the last one filled up and its surplus not counted, as for a compiled function."""
    correct = 0
    for start in range(0, len(labels), 128):
        some = np.arange(start, start + 128) % len(labels)
        is_new = np.arange(start, start + 128) < len(labels)
        correct += int(((np.asarray(predict(images[some])) == labels[some]) & is_new).sum())
    return correct / len(labels)


def by_firstlight(predict: Any, images: Any, labels: Any) -> float:
    """Our own."""
    return our_accuracy(torch.as_tensor(predict(torch.as_tensor(images))), torch.as_tensor(labels))


def with_predict_method(predict: Any, images: Any, labels: Any) -> float:
    """An estimator with a predict method, on rows of 784 pixels."""
    return float(np.mean(predict.predict(images.reshape(len(images), -1)) == labels))


class Evaluator:
    """An object that is called, with its batch size."""

    def __init__(self, batch_size: int = 32) -> None:
        self.batch_size = batch_size

    def __call__(self, predict: Any, images: Any, labels: Any) -> float:
        correct = torch.zeros((), dtype=torch.long)
        for x, y in zip(
            torch.as_tensor(images).split(self.batch_size),
            torch.as_tensor(labels).split(self.batch_size),
            strict=True,
        ):
            correct += (torch.as_tensor(predict(x)) == y).sum()
        return (correct / len(labels)).item()


small_batches = Evaluator(3)
partial = functools.partial(weighted_means)

ENTRIES: tuple[dict[str, Any], ...] = tuple(
    {"target": name, "kind": "evaluate"}
    for name in (
        "by_mean",
        "by_sklearn",
        "by_report",
        "by_confusion",
        "image_by_image",
        "in_percent",
        "weighted_means",
        "torch_logits",
        "torch_loss_and_accuracy",
        "shuffled_together",
        "as_dict",
        "padded",
        "by_firstlight",
        "with_predict_method",
        "small_batches",
        "partial",
    )
)
