import Basics
import Facts
import Testing

/// Models by name, and the rows that classes of views are about.
@Suite("Django views and models by name")
struct DjangoViewTests {
  private let models = """
    //- /config/settings.py
    INSTALLED_APPS = ["shop"]
    AUTH_USER_MODEL = "shop.Person"
    //- /shop/models.py
    from django.db import models
    class Person(models.Model):
        email = models.EmailField()
    class Order(models.Model):
        buyer = models.ForeignKey(Person, on_delete=models.PROTECT)

    """

  @Test func modelsByName() throws {
    try check(
      models + """
        //- /shop/tasks.py
        from django.apps import apps
        from django.conf import settings
        from django.contrib.auth import get_user_model
        def run(registry):
            Order = apps.get_model("shop", "Order")
            Order.objects.filter(id=1).update(id=2)
            # ^ writes shop_order
            apps.get_model("shop.Person").objects.count()
            # ^ reads shop_person
            apps.get_model(app_label="shop", model_name="order").objects.create()
            # ^ writes shop_order
            apps.get_model(settings.AUTH_USER_MODEL).objects.first()
            # ^ reads shop_person
            get_user_model().objects.first()
            # ^ reads shop_person
            apps.get_model("shop", "Missing").objects.create()
            registry.get_model("orders").objects.create()
        //- /shop/migrations/0002_fill.py
        from django.db import migrations
        def fill(apps, schema_editor):
            Order = apps.get_model("shop", "Order")
            Order.objects.all().delete()
            # ^ writes shop_order
        class Migration(migrations.Migration):
            operations = [migrations.RunPython(fill)]
        """)
  }

  @Test func rowsOfViews() throws {
    try check(
      models + """
        //- /shop/views.py
        from django.views.generic import ListView, DeleteView, CreateView, TemplateView
        from rest_framework import generics, viewsets
        from .models import Order, Person
        class Orders(ListView):
            model = Order
            # ^ reads shop_order
        class Removal(DeleteView):
            model = Order
            # ^ reads shop_order, writes shop_order
        class Creation(CreateView):
            model = Order
            # ^ writes shop_order
            fields = ["buyer"]
        class Form(CreateView):
            model = Order
            form_class = OrderForm
        class OrderViews(viewsets.ReadOnlyModelViewSet):
            queryset = Order.objects.select_related("buyer").all()
            # ^ reads shop_order, reads shop_person
        class People(generics.RetrieveDestroyAPIView):
            queryset = Person.objects.all()
            # ^ reads shop_person, writes shop_person
        class Kept(viewsets.ModelViewSet):
            queryset = Order.objects.all()
            # ^ reads shop_order
            def perform_destroy(self, instance):
                pass
        class Own(viewsets.ReadOnlyModelViewSet):
            queryset = Order.objects.all()
            def get_queryset(self):
                return Person.objects.filter(id=1)
                # ^ reads shop_person
        class Narrowed(viewsets.ReadOnlyModelViewSet):
            queryset = Order.objects.all()
            # ^ reads shop_order
            def get_queryset(self):
                return super().get_queryset().filter(id=1)
        class Base(ListView):
            paginate_by = 5
        class Derived(Base):
            model = Person
            # ^ reads shop_person
        class Page(TemplateView):
            model = Order
        class OrderForm:
            model = Order
        class OrderAdmin(ModelAdmin):
            model = Order
        """)
    let system = try MarkedSystem(
      models + """
        //- /shop/views.py
        from django.views.generic import ListView
        from .models import Order
        class Orders(ListView):
            model = Order
        """
    ).linked(parsed: false)
    #expect(system.accesses.map { system.units[$0.unit].name } == ["Orders.get_queryset"])
    #expect(system.entryPoints.map { system.units[$0.unit].name } == ["Orders.get_queryset"])
  }
}
