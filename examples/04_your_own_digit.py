"""Read a drawing of your own: no training, no network connection."""

from PIL import Image, ImageDraw

import firstlight as fl

page = Image.new("RGB", (300, 200), "white")
pen = ImageDraw.Draw(page)
pen.line([(60, 40), (130, 40), (90, 160)], fill="navy", width=12)  # a seven
pen.ellipse([(180, 50), (240, 150)], outline="navy", width=12)  # a zero

found = fl.predict(page)
print(found)  # what was read, and what was done to the picture
print("Read:", found.text)
for digit in found.digits:
    print(digit.label, f"{digit.probability:.3f}", digit.box)
