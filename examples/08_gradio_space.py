"""Share a reader of digits on the web, as a Hugging Face Space: needs `pip install firstlight gradio`."""

import gradio as gr

import firstlight as fl


def read(sketch):
    """Return what the drawing is, what the network sees of it, and what was done to the picture."""
    found = fl.predict(sketch["composite"])  # give run="runs/..." to let a network of your own read
    if not found.digits:
        return {}, None, found.warnings[0]
    digit = found.digits[0]
    return digit.probabilities, digit.image.repeat(8, axis=0).repeat(8, axis=1), str(found)


page = gr.Interface(
    read,
    gr.Sketchpad(type="pil", canvas_size=(280, 280), layers=False, label="Draw a digit"),
    [gr.Label(num_top_classes=3), gr.Image(label="What the network sees"), gr.Textbox(label="In words")],
    title="firstlight",
    analytics_enabled=False,  # else the page calls home
    flagging_mode="never",  # else drawings are kept
)

if __name__ == "__main__":
    page.launch()
