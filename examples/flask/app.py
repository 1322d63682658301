"""A small API with Flask, for a front end at https://app.example.com that logs in by a cookie."""

from flask import Flask, Response, jsonify, request

from crossorigin.middleware.flask import CORS
from policy import POLICY

app = Flask(__name__)
CORS(app, POLICY)


@app.get("/users/<int:number>")
def read_user(number: int) -> Response:
    response = jsonify({"name": "Ada"})
    response.set_etag(str(number))
    return response


@app.put("/users/<int:number>")
def write_user(number: int) -> Response:
    return jsonify({"name": request.get_json()["name"]})


@app.delete("/users/<int:number>")
def delete_user(number: int) -> str:
    """For the operators' own tools; no page may."""
    return ""
