"""An API without CORS, on http://localhost:8080; PORT=8081 python app.py has it elsewhere."""

import os

import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class User(BaseModel):
    name: str


@app.put("/users/{number}")
def write_user(number: int, user: User) -> dict[str, object]:
    return {"id": number, "name": user.name}


if __name__ == "__main__":
    uvicorn.run(app, port=int(os.environ.get("PORT", "8080")))
