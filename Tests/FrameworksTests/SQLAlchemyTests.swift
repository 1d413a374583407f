import Testing

@Suite("SQLAlchemy")
struct SQLAlchemyTests {
  private let models = """
    //- /shop/models.py
    from typing import List, Optional
    from sqlalchemy import Column, ForeignKey, Integer, String, Table
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
    class Base(DeclarativeBase):
        pass
    order_tag = Table(
        "order_tag", Base.metadata,
        Column("order_id", ForeignKey("orders.id"), primary_key=True),
        Column("tag_id", ForeignKey("tag.id"), primary_key=True))
    class Tag(Base):
        __tablename__ = "tag"
        id = Column(Integer, primary_key=True)
        name = Column(String(20))
    class Order(Base):
        __tablename__ = "orders"
        id: Mapped[int] = mapped_column(primary_key=True)
        status: Mapped[Optional[str]]
        lines: Mapped[List["Line"]] = relationship(back_populates="order", cascade="all, delete-orphan")
        tags = relationship("Tag", secondary=order_tag)
    class Line(Base):
        __tablename__ = "line"
        id: Mapped[int] = mapped_column(primary_key=True)
        order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
        order: Mapped["Order"] = relationship(back_populates="lines")

    """

  @Test func queriesOfBothStyles() throws {
    try check(
      models + """
        //- /shop/queries.py
        import sqlalchemy as sa
        from sqlalchemy import select, update, delete, insert, text, func
        from sqlalchemy.orm import Session, joinedload
        from .models import Order, Line, Tag, order_tag
        def old(session):
            session.query(Order).filter(Order.status == "lines").all()
            # ^ reads orders
            session.query(Order).join(Line).filter(Line.id > 1).first()
            # ^ reads orders, reads line
            session.query(Order.id, func.count(Line.id)).join(Order.lines).group_by(Order.id)
            # ^ reads orders, reads line
            session.query(Order).filter_by(status="a").update({"status": "b"})
            # ^ writes orders
            session.query(Line).filter(Line.id == 1).delete()
            # ^ writes line
        def new(db: Session):
            order = db.get(Order, 1)
            # ^ reads orders
            order.status = "b"
            # ^ writes orders
            rows = db.scalars(select(Order).options(joinedload(Order.tags)).where(Order.id == 1)).all()
            # ^ reads orders, reads order_tag, reads tag
            db.execute(sa.select(Tag.name))
            # ^ reads tag
            db.execute(update(Order).where(Order.id == 1).values(status="x"))
            # ^ writes orders
            db.execute(delete(Line))
            # ^ writes line
            db.execute(insert(Tag).values(name="a"))
            # ^ writes tag
            db.execute(text("DELETE FROM line WHERE id = :id"), {"id": 1})
            # ^ writes line
            db.execute(order_tag.insert().values(order_id=1, tag_id=2))
            # ^ writes order_tag
            db.execute(select(order_tag.c.tag_id).where(order_tag.c.order_id == 1))
            # ^ reads order_tag
        """)
  }

  @Test func sessionsWriteObjects() throws {
    try check(
      models + """
        //- /shop/services.py
        from sqlalchemy.orm import Session
        from .models import Order, Line
        class Orders:
            def __init__(self, session: Session):
                self.session = session
            def make(self):
                order = Order(status="new")
                self.session.add(order)
                # ^ writes orders
                self.session.add_all([Line(order=order), Line(order=order)])
                # ^ writes line
                self.session.commit()
            def remove(self, order: Order):
                self.session.delete(order)
                # ^ writes orders
                for line in order.lines:
                    # ^ reads line
                    print(line.id)
        """)
  }

  @Test func flaskAndSQLModel() throws {
    try check(
      """
      //- /app/models.py
      from flask_sqlalchemy import SQLAlchemy
      db = SQLAlchemy()
      class OrderLine(db.Model):
          id = db.Column(db.Integer, primary_key=True)
          note = db.Column(db.String(10))
      //- /app/hero.py
      from sqlmodel import SQLModel, Field, select, Session
      class Hero(SQLModel, table=True):
          id: int | None = Field(default=None, primary_key=True)
          name: str
      class HeroOut(SQLModel):
          name: str
      def heroes(session: Session):
          return session.exec(select(Hero)).all()
          # ^ reads hero
      //- /app/views.py
      from .models import OrderLine, db
      def show(pk):
          OrderLine.query.filter_by(note="a").first_or_404()
          # ^ reads order_line
          line = OrderLine(note="b")
          db.session.add(line)
          # ^ writes order_line
          db.session.commit()
      """)
  }

  @Test func lookAlikesAreNoAccesses() throws {
    try check(
      models + """
        //- /shop/other.py
        from .models import Order
        def select(value): return value
        def other(cart, request, items):
            select(cart)
            cart.add(Order)
            request.session.get("order")
            items.delete(request)
            request.query.get("id")
            Order.status
        """)
  }
}
