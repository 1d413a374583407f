import Basics
import Facts
import Testing

@Suite("Where calls come in in Python")
struct PythonEntryTests {
  private func entries(_ text: String) throws -> [String] {
    let system = try MarkedSystem(text).linked(parsed: false)
    return system.entryPoints.map { "\($0.kind.rawValue) \(system.units[$0.unit].name): \($0.trigger)" }
  }

  @Test func djangoRoutesSignalsAndCommands() throws {
    let found = try entries(
      """
      //- /shop/urls.py
      from django.urls import include, path, re_path
      from . import views
      urlpatterns = [path("orders/", include("shop.orders.urls")), path("health/", views.health)]
      //- /shop/views.py
      def health(request): pass
      def helper(request): pass
      //- /shop/orders/urls.py
      from django.urls import path
      from .views import OrderView, listing
      urlpatterns = [path("<int:pk>/", OrderView.as_view()), path("all/", listing)]
      //- /shop/orders/views.py
      from django.views import View
      from django.db.models.signals import post_save
      from django.dispatch import receiver
      class OrderView(View):
          def get(self, request, pk): pass
          def other(self): pass
      def listing(request): pass
      @receiver(post_save, sender=Order)
      def saved(sender, **kwargs): pass
      //- /shop/management/commands/clean.py
      from django.core.management.base import BaseCommand
      class Command(BaseCommand):
          def handle(self, *args, **options): pass
      """)
    #expect(
      Set(found) == [
        "route health: /health/", "route OrderView.get: /orders/<int:pk>/", "route OrderView.get: OrderView.get",
        "route listing: /orders/all/", "message saved: post_save Order", "command Command.handle: clean",
      ])
  }

  @Test func routesTasksAndMutations() throws {
    let found = try entries(
      """
      //- /app/main.py
      import graphene
      from celery import shared_task
      @app.route("/a", methods=["POST"])
      def a(): pass
      @router.get("/b/{id}")
      async def b(id: int): pass
      @shared_task(name="nightly")
      def c(): pass
      @cache.get("key")
      def d(): pass
      class Pay(graphene.Mutation):
          def mutate(self, info): pass
      """)
    #expect(
      Set(found) == ["route a: POST /a", "route b: GET /b/{id}", "job c: nightly", "route Pay.mutate: mutation Pay"])
  }

  @Test func functionsUnderATransaction() throws {
    let system = try MarkedSystem(
      schema + """
        //- /shop/pay.py
        from django.db import connection, transaction
        @transaction.atomic
        def pay(cursor):
            cursor.execute("UPDATE invoice SET total = 0")
            cursor.execute("INSERT INTO payment (id) VALUES (1)")
        def other(cursor):
            with transaction.atomic():
                cursor.execute("UPDATE payment SET amount = 0")
            cursor.execute("UPDATE invoice SET total = 1")
        """
    ).linked(parsed: false)
    #expect(
      system.transactions.map { $0.writes.map(\.text) } == [
        ["invoice", "payment"], ["payment"],
      ])
  }
}
