import CCurses
import Dispatch
import Glibc
import TerminalFrame

/// The terminal, from its opening to its closing: pictures go in, keys come out.
///
/// There is one at a time. Everything happens on the main actor; nothing waits and nothing ticks: input and signals are
/// watched by the main queue, so an idle screen costs nothing. Ctrl-Z and being continued are dealt with in here.
///
/// While the screen is open, nothing else may write to the terminal. It is given back by ``close()``, and on the way out
/// by whatever else ends the process: `exit`, a trap, a fatal signal.
package final class Screen {
    /// Keys, resizes and the wish that the program ends, in the order in which they came; for one consumer.
    package let events: AsyncStream<ScreenEvent>

    /// Whether the locale's character set is UTF-8.
    ///
    /// Where it is not, everything that is not ASCII is shown as `?`, so views should use ``Glyphs/ascii``.
    package let isUTF8: Bool

    /// Whether colours are shown; attributes always are.
    package var hasColour: Bool { palette.hasColour }

    /// The size of the terminal.
    package private(set) var size: Size

    private let continuation: AsyncStream<ScreenEvent>.Continuation
    private var palette: Palette
    private var decoder = KeyDecoder()
    private var sources: [any DispatchSourceProtocol] = []
    /// What the terminal shows; `nil` when that is unknown.
    private var shown: Frame?
    /// The last picture, to be drawn again after a stop.
    private var latest: Frame?
    private var isOpen = true

    /// Takes the terminal.
    ///
    /// - Parameter colour: Whether colours may be used; `false` where `NO_COLOR` is set.
    package static func open(colour: Bool) throws(ScreenError) -> Screen {
        let terminal = getenv("TERM").map { String(cString: $0) } ?? ""
        switch cterm_open(colour) {
        case .opened:
            return Screen()
        case .no_terminal:
            throw ScreenError(
                message: "Standard input and output must both be a terminal: start it in one, unredirected.")
        case .unknown_terminal where terminal.isEmpty:
            throw ScreenError(message: "TERM is not set: set it to the terminal's type, such as xterm-256color.")
        case .unknown_terminal:
            let name = DisplayWidth.ascii(terminal)
            throw ScreenError(
                message: "The terminal type \"\(name)\" is unknown: set TERM to a known one, such as xterm.")
        case .poor_terminal:
            let name = DisplayWidth.ascii(terminal)
            throw ScreenError(message: "The terminal type \"\(name)\" cannot show a full screen: use another terminal.")
        case .busy:
            throw ScreenError(
                message: "The terminal is in use by another screen of this program: close that one first.")
        case .failed:
            throw ScreenError(message: "The terminal could not be prepared: try another terminal.")
        }
    }

    private init() {
        isUTF8 = cterm_is_utf8()
        palette = Palette(cterm_get_colours())
        size = Size(cterm_get_size())
        (events, continuation) = AsyncStream.makeStream()
        watch(STDIN_FILENO) { $0.readInput() }
        watch(cterm_signal_descriptor()) { $0.readSignals() }
    }

    /// Shows a picture, writing only what differs from what is shown.
    ///
    /// What does not fit on the screen is left out. Does nothing once the screen is closed.
    package func present(_ frame: Frame) {
        guard isOpen else { return }
        latest = frame
        let known = shown.flatMap { $0.size == frame.size ? $0 : nil }
        if known == nil { cterm_forget() }
        let columns = min(frame.size.columns, size.columns)
        for y in 0..<min(frame.size.rows, size.rows) {
            drawRow(y, of: frame, over: known, columns: columns)
        }
        if let cursor = frame.cursor, cursor.x >= 0, cursor.x < columns, cursor.y >= 0, cursor.y < size.rows {
            cterm_set_cursor(true, Int32(cursor.x), Int32(cursor.y))
        } else {
            cterm_set_cursor(false, 0, 0)
        }
        cterm_refresh()
        shown = frame
    }

    /// Draws the last picture again on a cleared terminal, for when something else has written to it.
    package func redraw() {
        guard isOpen else { return }
        shown = nil
        if let latest { present(latest) }
    }

    /// Gives the terminal back and ends ``events``; more than one call is harmless.
    package func close() {
        guard isOpen else { return }
        isOpen = false
        for source in sources { source.cancel() }
        sources = []
        cterm_close()
        continuation.finish()
    }

    // MARK: Drawing

    /// Draws the cells of a row that changed, as few runs of one style.
    private func drawRow(_ y: Int, of frame: Frame, over known: Frame?, columns: Int) {
        let row = Array(frame.row(y))
        let old = known.map { Array($0.row(y)) }
        if row == old { return }
        var run: [UInt32] = []
        var start = 0
        var style = Style.plain
        func finish() {
            if !run.isEmpty { put(run, x: start, y: y, style) }
            run.removeAll(keepingCapacity: true)
        }
        var x = 0
        while x < columns {
            let cell = row[x]
            let place = x
            x += max(1, cell.width)
            // A wide character over the edge cannot be drawn; curses would put it on the next row.
            let fits = x <= columns
            // An equal left half has an equal right half: a frame never holds one without the other.
            if fits, let old, cell == old[place] {
                finish()
                continue
            }
            if run.isEmpty || cell.style != style {
                finish()
                start = place
                style = cell.style
            }
            if !fits {
                run.append(0x20)
            } else if isUTF8 {
                for scalar in cell.text.unicodeScalars { run.append(scalar.value) }
            } else {
                for scalar in DisplayWidth.ascii(cell.text).unicodeScalars { run.append(scalar.value) }
                if cell.width == 2 { run.append(0x20) }
            }
        }
        finish()
    }

    private func put(_ scalars: [UInt32], x: Int, y: Int, _ style: Style) {
        let (pair, extra) = palette.pair(for: style)
        var attributes = extra
        if style.isBold { attributes |= cterm_bold }
        if style.isDim { attributes |= cterm_dim }
        if style.isReversed { attributes |= cterm_reversed }
        if style.isUnderlined { attributes |= cterm_underlined }
        cterm_put(Int32(x), Int32(y), scalars, Int32(scalars.count), attributes, pair)
    }

    // MARK: Input and signals

    private func watch(_ descriptor: Int32, _ handler: @escaping @MainActor (Screen) -> Void) {
        let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: .main)
        source.setEventHandler { [weak self] in
            MainActor.assumeIsolated {
                guard let self, self.isOpen else { return }
                handler(self)
            }
        }
        source.activate()
        sources.append(source)
    }

    private func readInput() {
        while isOpen {
            let input = cterm_read()
            switch input.kind {
            case .none:
                if let key = decoder.pause() { send(key) }
                if isOpen, cterm_input_ended() { terminate() }
                return
            case .scalar:
                if let scalar = Unicode.Scalar(input.value), let key = decoder.take(scalar) { send(key) }
            case .key:
                if let key = Key(known: input.value) { send(decoder.take(key)) }
            case .function:
                send(decoder.take(.function(Int(input.value))))
            case .foreign:
                continuation.yield(.untypable)
            case .unknown:
                continue
            }
        }
    }

    private func send(_ key: Key) {
        if key == .control("z") {
            suspend(wholeGroup: true)
        } else {
            continuation.yield(.key(key))
        }
    }

    private func readSignals() {
        while isOpen {
            switch cterm_next_signal() {
            case .none:
                return
            case .resized:
                resize()
            case .continued:
                // Stopped by a signal that nobody can catch, and now back.
                resume()
            case .stop:
                suspend(wholeGroup: false)
            case .terminate:
                terminate()
            }
        }
    }

    private func resize() {
        let old = size
        size = Size(cterm_resize())
        // Even at an equal size (two resizes in one) the terminal may have lost what it showed.
        shown = nil
        if size == old {
            redraw()
        } else {
            continuation.yield(.resized(size))
        }
    }

    /// Stops the process with the terminal given back, and goes on where it was once it is continued.
    private func suspend(wholeGroup: Bool) {
        cterm_suspend(wholeGroup)
        resume()
        // Being continued was told as a signal, too, and is dealt with by now; the others still count.
        var isTerminating = false
        while true {
            switch cterm_next_signal() {
            case .none:
                if isTerminating { terminate() }
                return
            case .terminate:
                isTerminating = true
            case .resized, .continued, .stop:
                continue
            }
        }
    }

    private func resume() {
        cterm_resume()
        let now = Size(cterm_get_size())
        if now != size {
            size = now
            continuation.yield(.resized(size))
        }
        redraw()
    }

    /// Asks the program to end; the screen stays until it is closed, but listens no more.
    private func terminate() {
        for source in sources { source.cancel() }
        sources = []
        continuation.yield(.terminate)
        continuation.finish()
    }
}

extension Size {
    /// Takes over the extent that the C shim reports.
    fileprivate init(_ size: cterm_size) {
        self.init(columns: Int(size.columns), rows: Int(size.rows))
    }
}

extension Key {
    /// Takes over a key that the C shim reports by number.
    fileprivate init?(known value: UInt32) {
        guard let key = cterm_key(rawValue: value) else { return nil }
        switch key {
        case .up: self = .up
        case .down: self = .down
        case .left: self = .left
        case .right: self = .right
        case .home: self = .home
        case .end: self = .end
        case .page_up: self = .pageUp
        case .page_down: self = .pageDown
        case .backspace: self = .backspace
        case .delete: self = .delete
        case .back_tab: self = .backTab
        case .enter: self = .enter
        }
    }
}
