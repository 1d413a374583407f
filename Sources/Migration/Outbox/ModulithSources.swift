/// Java sources for Spring Modulith: one event class per aggregate that leaves the application, and its publisher.
struct ModulithSources {
  let context: GroupContext

  private var stem: String { JavaText.typeName(context.names.slug) }

  /// The files, below the step's folder.
  func files() -> [PlanFile] {
    let aggregates = EventModel(context: context).aggregates
    guard !aggregates.isEmpty else { return [] }
    return aggregates.map {
      PlanFile(path: "java/\(stem)\($0.typeName)Changed.java", contents: event($0))
    } + [PlanFile(path: "java/\(stem)Publisher.java", contents: publisher(aggregates))]
  }

  private func event(_ aggregate: EventModel.Aggregate) -> String {
    // The target is an expression: what stands before `::` is taken as it is unless it holds `#{`.
    let target = "\(context.names.eventTopic(aggregate.name))::#{#this.aggregateId()}"
    return """
      package migration;

      import java.time.Instant;
      import java.util.UUID;
      import org.springframework.modulith.events.Externalized;

      /**
       * A change of an aggregate, keyed by the aggregate so that its events share a partition.
       *
       * @param id the identifier consumers keep in their inbox
       * @param version the aggregate's own version, raised by every change: what is not newer is ignored
       * @param payload the JSON of asyncapi.yaml
       */
      @Externalized(\(JavaText.string(target)))
      public record \(stem)\(aggregate.typeName)Changed(
          UUID id, String type, String aggregateId, long version, Instant time, String payload) {
      }

      """
  }

  private func publisher(_ aggregates: [EventModel.Aggregate]) -> String {
    let methods = aggregates.map { aggregate in
      """
          @Transactional(propagation = Propagation.MANDATORY)
          public void publish(final \(stem)\(aggregate.typeName)Changed event) {
              events.publishEvent(event);
          }
      """
    }
    return """
      package migration;

      import org.springframework.context.ApplicationEventPublisher;
      import org.springframework.stereotype.Component;
      import org.springframework.transaction.annotation.Propagation;
      import org.springframework.transaction.annotation.Transactional;

      /**
       * Publishes inside the caller's transaction and refuses to do so without one: the registry would have no row, and a
       * crash would lose the event. Call it after locking and changing the aggregate's row.
       */
      @Component
      public class \(stem)Publisher {
          private final ApplicationEventPublisher events;

          public \(stem)Publisher(final ApplicationEventPublisher events) {
              this.events = events;
          }

      \(methods.joined(separator: "\n\n"))
      }

      """
  }
}
