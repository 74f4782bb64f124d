"""Prediction: any picture to the digits that a trained network reads in it."""

from __future__ import annotations

from firstlight.prediction._predict import predict
from firstlight.prediction._prediction import Prediction, ReadDigit
from firstlight.prediction._reader import Reader, load_reader

__all__ = ["Prediction", "ReadDigit", "Reader", "load_reader", "predict"]
