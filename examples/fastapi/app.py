"""A small API with FastAPI, for a front end at https://app.example.com that logs in by a cookie."""

from fastapi import FastAPI, Response
from pydantic import BaseModel

from crossorigin.middleware.fastapi import CORSMiddleware
from policy import POLICY

app = FastAPI()
app.add_middleware(CORSMiddleware, policy=POLICY)


class User(BaseModel):
    name: str


@app.get("/users/{number}")
def read_user(number: int, response: Response) -> User:
    response.headers["ETag"] = f'"{number}"'
    return User(name="Ada")


@app.put("/users/{number}")
def write_user(number: int, user: User) -> User:
    return user


@app.delete("/users/{number}")
def delete_user(number: int) -> None:
    """For the operators' own tools; no page may."""
