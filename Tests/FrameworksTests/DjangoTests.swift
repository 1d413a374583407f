import Testing

@Suite("Django")
struct DjangoTests {
  private let models = """
    //- /config/settings.py
    INSTALLED_APPS = ["django.contrib.contenttypes", "shop.orders", "shop.people.apps.PeopleConfig"]
    AUTH_USER_MODEL = "people.Person"
    //- /shop/people/apps.py
    from django.apps import AppConfig
    class PeopleConfig(AppConfig):
        name = "shop.people"
    //- /shop/people/models.py
    from django.db import models
    class Person(models.Model):
        email = models.EmailField(unique=True)
    //- /shop/orders/models.py
    from django.conf import settings
    from django.db import models
    class Stamped(models.Model):
        created = models.DateTimeField(auto_now_add=True)
        class Meta:
            abstract = True
    class OrderQuerySet(models.QuerySet):
        def open(self):
            return self.filter(status="open")
            # ^ reads orders_order
    class Tag(models.Model):
        name = models.CharField(max_length=20)
        class Meta:
            db_table = "tag"
    class Order(Stamped):
        buyer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="orders")
        status = models.CharField(max_length=10)
        tags = models.ManyToManyField(Tag)
        objects = OrderQuerySet.as_manager()
    class Line(models.Model):
        order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
        note = models.TextField(null=True)
    class BigOrder(Order):
        discount = models.IntegerField()
    class OpenOrder(Order):
        class Meta:
            proxy = True

    """

  @Test func querySetsReadAndWrite() throws {
    try check(
      models + """
        //- /shop/orders/views.py
        from django.db.models import Count, F, Q
        from .models import Order, Line, OpenOrder, BigOrder
        def listing(request, person):
            for order in Order.objects.filter(status="lines").order_by("-created"):
                # ^ reads orders_order
                print(order.status)
            Order.objects.filter(buyer__email="x")
            # ^ reads orders_order, reads people_person
            Order.objects.filter(Q(lines__note="a") | Q(tags__name=person)).count()
            # ^ reads orders_order, reads orders_line, reads orders_order_tags, reads tag
            Line.objects.select_related("order__buyer").get(pk=1)
            # ^ reads orders_line, reads orders_order, reads people_person
            Order.objects.annotate(total=Count("lines")).values("id")
            # ^ reads orders_order, reads orders_line
            OpenOrder.objects.exists()
            # ^ reads orders_order
            BigOrder.objects.first()
            # ^ reads orders_order, reads orders_bigorder
        def change():
            Order.objects.filter(status="new").update(status=F("status"))
            # ^ writes orders_order
            Line.objects.create(note="a")
            # ^ writes orders_line
            Line.objects.bulk_create([Line(note="a"), Line(note="b")])
            # ^ writes orders_line
            Order.objects.get_or_create(status="a")
            # ^ reads orders_order, writes orders_order
            Line.objects.filter(note="").delete()
            # ^ writes orders_line
        """)
  }

  @Test func objectsAndRelations() throws {
    try check(
      models + """
        //- /shop/orders/services.py
        from django.shortcuts import get_object_or_404
        from django.contrib.auth import get_user_model
        from .models import Order, Line, Tag
        User = get_user_model()
        def change(pk):
            order = get_object_or_404(Order, pk=pk)
            # ^ reads orders_order
            order.status = "x"
            order.save(update_fields=["status"])
            # ^ writes orders_order
            print(order.buyer.email, order.buyer_id)
            # ^ reads people_person
            for line in order.lines.all():
                # ^ reads orders_line
                line.note = "a"
                line.save()
                # ^ writes orders_line
            order.refresh_from_db()
            # ^ reads orders_order
        def link(order: Order, tag: Tag):
            order.tags.add(tag)
            # ^ writes orders_order_tags
            order.tags.clear()
            # ^ writes orders_order_tags
            order.lines.create(note="x")
            # ^ writes orders_line
            order.delete()
            # ^ writes orders_order, writes orders_line, writes orders_bigorder
            User.objects.count()
            # ^ reads people_person
        """)
  }

  @Test func managersWithMethodsOfTheirOwn() throws {
    try check(
      models + """
        //- /shop/orders/jobs.py
        from .models import Order
        def clean():
            Order.objects.open().filter(status="old").update(status="closed")
            # ^ writes orders_order
            Order.objects.open().first()
            # ^ reads orders_order
        """)
  }

  @Test func rawSQL() throws {
    try check(
      models + """
        //- /shop/orders/raw.py
        from django.db import connection
        from .models import Order
        def raw(table):
            Order.objects.raw("SELECT * FROM orders_order WHERE id = %s", [1])
            # ^ reads orders_order
            with connection.cursor() as cursor:
                cursor.execute("UPDATE orders_line SET note = %s WHERE id = %s", ["a", 1])
                # ^ writes orders_line
                cursor.execute(f"DELETE FROM orders_line WHERE order_id IN ({table})")
                # ^ writes orders_line
        """)
  }

  @Test func lookAlikesAreNoAccesses() throws {
    try check(
      models + """
        //- /shop/other.py
        from .orders.models import Order
        class Basket:
            objects = []
            def save(self): pass
        def same(cache, request):
            Basket.objects.filter(status="x")
            Basket().save()
            cache.set("order", 1)
            request.session.get("lines")
            items = [1]
            items.count(1)
            items.remove(1)
            Order.DoesNotExist
            Order(status="a").status
            {}.update(status=1)
        """)
  }
}
