"""The playground's widget: tables over φ made here, drawn in the browser."""
