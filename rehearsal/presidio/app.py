"""A named stand-in for the REST server of Presidio's image, which its wheel does not ship.

It speaks what the guard asks of it: GET /health and POST /analyze, by the same engine, from the same configuration. The
engine, the recognizers and gunicorn are the real ones.
"""

import os

from flask import Flask, jsonify, request
from presidio_analyzer import AnalyzerEngineProvider


def create_app() -> Flask:
    """What gunicorn serves, under the name that the image's own has."""
    engine = AnalyzerEngineProvider(
        analyzer_engine_conf_file=os.environ.get("ANALYZER_CONF_FILE") or None
    ).create_engine()
    app = Flask("presidio-stand-in")

    @app.get("/health")
    def health() -> str:
        return "The stand-in for Presidio's server is up"

    @app.post("/analyze")
    def analyze():
        asked = request.get_json()
        if not asked.get("text") or not asked.get("language"):
            return jsonify(error="No text or no language provided"), 500
        found = engine.analyze(
            text=asked["text"],
            language=asked["language"],
            entities=asked.get("entities"),
            score_threshold=asked.get("score_threshold"),
        )
        return jsonify(
            [{"entity_type": one.entity_type, "start": one.start, "end": one.end, "score": one.score} for one in found]
        )

    return app
