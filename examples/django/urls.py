"""Users, to be read and written."""

import json

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views import View


class UserView(View):
    def get(self, request: HttpRequest, number: int) -> HttpResponse:
        return JsonResponse({"name": "Ada"})

    def put(self, request: HttpRequest, number: int) -> HttpResponse:
        return JsonResponse({"name": json.loads(request.body)["name"]})

    def delete(self, request: HttpRequest, number: int) -> HttpResponse:
        """For the operators' own tools; no page may."""
        return HttpResponse(status=204)


urlpatterns = [path("users/<int:number>", UserView.as_view())]
