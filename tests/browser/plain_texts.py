"""A page that shows each text of texts.json in the places where the app shows what people write."""

import json
import os
from pathlib import Path

import streamlit as st

from persona_core.ui.text import plain

for number, text in enumerate(json.loads((Path(os.environ["PERSONA_STUDIO_HOME"]) / "texts.json").read_text("utf-8"))):
    shown = plain(text)
    with st.container(key=f"text-{number}"):
        st.markdown(shown)
        st.markdown(f":small[{shown}]")
        st.markdown(f":gray-badge[{shown}]")
        st.caption(shown)
        st.subheader(shown, anchor=False)
        st.warning(shown)
        st.button(shown, key=f"button-{number}")
        st.expander(shown)
        st.pills("Pills", [0], format_func=lambda _, shown=shown: shown, key=f"pills-{number}")
st.title("Everything is shown")
