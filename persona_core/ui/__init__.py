"""The one part that knows Streamlit: what is open, who works on it, long steps with progress, and shared pieces."""
