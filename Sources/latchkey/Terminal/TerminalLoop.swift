import Curses
import LoginCore
import TerminalFrame
import TerminalUI

/// The one loop of the screen: events in, model updated, one frame per batch out.
@MainActor
final class TerminalLoop {
    private let screen: Screen
    private let box: EventBox
    private let clock: LabClock
    private var model: Model
    private var tick: Task<Void, Never>?
    private var tickDue: Instant?

    init(screen: Screen, box: EventBox, clock: LabClock, model: Model) {
        self.screen = screen
        self.box = box
        self.clock = clock
        self.model = model
    }

    /// Draws the first frame, then runs until the user quits or the terminal goes away.
    ///
    /// `perform` takes the commands that are not the screen's own.
    func run(perform: @escaping @Sendable (LabCommand) -> Void) async {
        present()
        // Not on the main actor: taking turns with this loop, it would bring one key for each frame, and a long paste
        // would be drawn letter by letter for minutes.
        let keys = Task.detached { [box, events = screen.events] in
            for await event in events {
                switch event {
                case .key(let key): box.post(.key(key))
                case .untypable: box.post(.message(Self.untypable))
                case .resized(let size): box.post(.resized(size))
                case .terminate: box.close()
                }
            }
            box.close()
        }
        defer {
            keys.cancel()
            tick?.cancel()
        }
        for await _ in box.rings {
            for event in box.take() {
                for command in update(&model, event) {
                    switch command {
                    case .quit: return
                    // A film in place of a lab: there is nothing to go back to.
                    case .leaveFilm where model.isFilm: return
                    case .suspend: break  // the screen has stopped and come back by itself
                    case .redraw: screen.redraw()
                    default: perform(command)
                    }
                }
            }
            present()
        }
    }

    private nonisolated static let untypable =
        "this terminal's locale takes ASCII only; for other letters start again in a UTF-8 one, such as LC_ALL=C.UTF-8"

    private func present() {
        screen.present(view(model, size: screen.size, glyphs: screen.isUTF8 ? .unicode : .ascii))
        scheduleTick()
    }

    /// Wakes the loop when a countdown changes, and not at all when nothing counts down.
    private func scheduleTick() {
        let due = model.nextTick
        guard due != tickDue else { return }
        tick?.cancel()
        tick = nil
        tickDue = due
        guard let due else { return }
        let pause = max(clock.wait(due - clock.now()), .milliseconds(20))
        tick = Task { [box, clock] in
            do {
                try await Task.sleep(for: pause)
            } catch {
                return  // a newer tick took its place
            }
            self.tickDue = nil
            box.post(.tick(clock.now()))
        }
    }
}
