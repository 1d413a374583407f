import Testing

@Suite("Peewee")
struct PeeweeTests {
  @Test func queriesBeginAtClasses() throws {
    try check(
      """
      //- /notes/models.py
      from peewee import CharField, ForeignKeyField, Model, SqliteDatabase
      database = SqliteDatabase("notes.db")
      class BaseModel(Model):
          class Meta:
              database = database
      class Person(BaseModel):
          name = CharField(max_length=20)
          class Meta:
              table_name = "people"
      class Note(BaseModel):
          person = ForeignKeyField(Person, backref="notes")
      class Plain:
          name = CharField()
      //- /notes/views.py
      from .models import Note, Person, Plain
      def use(pk):
          Note.select().join(Person).where(Person.name == "notes")
          # ^ reads note, reads people
          person = Person.get_by_id(pk)
          # ^ reads people
          for note in person.notes:
              # ^ reads note
              note.delete_instance()
              # ^ writes note
          Person.update(name="a").where(Person.id == 1).execute()
          # ^ writes people
          Note.create(person=person)
          # ^ writes note
          person.save()
          # ^ writes people
          Plain.select()
      """)
  }
}
