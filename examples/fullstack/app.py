"""An API without CORS: a list of items, and a login that is a cookie. Run it with: uvicorn app:app --port 8000"""

from secrets import token_urlsafe
from typing import Annotated

from fastapi import Cookie, FastAPI, HTTPException, Response
from pydantic import BaseModel

app = FastAPI()

items = {1: "bread", 2: "milk"}
sessions: dict[str, str] = {}


class Login(BaseModel):
    name: str


class Item(BaseModel):
    text: str


def name_of(session: str | None) -> str:
    """Whose session it is; 401 for nobody's."""
    if session is None or session not in sessions:
        raise HTTPException(401, "log in first")
    return sessions[session]


@app.post("/api/session")
def log_in(login: Login, response: Response) -> dict[str, str]:
    session = token_urlsafe()
    sessions[session] = login.name
    response.set_cookie("session", session, httponly=True, samesite="lax")
    return {"name": login.name}


@app.get("/api/items")
def read_items(session: Annotated[str | None, Cookie()] = None) -> list[dict[str, object]]:
    name_of(session)
    return [{"id": number, "text": text} for number, text in items.items()]


@app.put("/api/items/{number}")
def write_item(number: int, item: Item, session: Annotated[str | None, Cookie()] = None) -> dict[str, object]:
    name = name_of(session)
    items[number] = item.text
    return {"id": number, "text": item.text, "by": name}
