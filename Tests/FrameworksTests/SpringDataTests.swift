import Basics
import Facts
import Testing

@Suite("Repositories of Spring Data")
struct SpringDataTests {
  /// A method of a base for all repositories does what it does to the entity of the one it is called on.
  @Test func queriesOfGenericBases() throws {
    try check(
      schema + shop + """
        //- /shop/Base2.java
        package shop;
        import org.springframework.data.jpa.repository.*;
        interface Listing<T> extends JpaRepository<T, Long> {
          @Query("select e from #{#entityName} e") List<T> everything();
          @Modifying @Query("delete from #{ #entityName } e where e.id = ?1") int purge(Long id);
        }
        interface Listed extends Listing<Customer> {}
        interface Billed extends Listing<Invoice> {}
        class Use {
          Listed listed;
          Billed billed;
          void all() {
            listed.everything();
            // ^ reads customer
            billed.everything();
            // ^ reads invoice
            billed.purge(1L);
            // ^ writes invoice
          }
          void any(Listing<?> some) { some.everything(); }
        }
        """)
  }

  @Test func definedRepositories() throws {
    try check(
      schema + shop + """
        //- /shop/Defined.java
        package shop;
        import org.springframework.data.repository.RepositoryDefinition;
        @RepositoryDefinition(domainClass = Customer.class, idClass = Long.class)
        interface Defined {
          Customer findById(Long id);
          Customer save(Customer customer);
          List<Customer> findByName(String name);
          // ^ reads customer
          @Query("select e from #{#entityName} e where e.name = ?1") List<Customer> named(String name);
          // ^ reads customer
        }
        interface Undefined { Customer findById(Long id); }
        class Use {
          Defined defined;
          Undefined undefined;
          void all(Customer c) {
            defined.findById(1L);
            // ^ reads customer
            defined.save(c);
            // ^ writes customer
            defined.findByName("x");
            // ^ reads customer
            defined.named("x");
            // ^ reads customer
            undefined.findById(1L);
          }
        }
        """)
  }
}
