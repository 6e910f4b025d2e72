import TerminalFrame

/// A line being typed, scrolled so that the cursor is seen.
enum TextInputView {
    static func draw(
        _ input: TextInput, masked: Bool, isFocused: Bool, _ rect: Rect, on canvas: inout Canvas
    ) {
        guard rect.width > 1 else { return }
        let drawn = input.characters.map { masked ? canvas.glyphs.mask : canvas.drawable(String($0)) }
        let widths = drawn.map { DisplayWidth.columns(of: $0) }
        // The last column is kept for a cursor behind the text.
        let room = rect.width - 1
        var start = 0
        var used = widths[..<input.cursor].reduce(0, +)
        while used > room, start < input.cursor {
            used -= widths[start]
            start += 1
        }
        canvas.frame.fill(rect, style: Look.field)
        var column = rect.x
        for index in start..<drawn.count {
            guard column + widths[index] <= rect.endX else { break }
            column += canvas.frame.write(
                drawn[index], x: column, y: rect.y, style: Look.field, width: rect.endX - column)
        }
        if isFocused { canvas.frame.cursor = Point(x: rect.x + used, y: rect.y) }
    }
}

/// A form over the panes.
enum FormView {
    private static let labelWidth = 10

    static func draw(_ form: Form, _ model: Model, on canvas: inout Canvas) {
        let width = min(76, model.size.columns - 4)
        let inner = width - 4
        let problem =
            form.problem.map {
                Wrap.rows(canvas.drawable("! \($0)"), width: inner, most: 3, ellipsis: canvas.glyphs.ellipsis)
            } ?? []
        let height = 3 + form.fields.count * 3 + (problem.isEmpty ? 0 : problem.count + 1)
        let rect = Rect(
            x: (model.size.columns - width) / 2, y: max(1, (model.size.rows - height) / 2), width: width, height: height
        )
        let inside = canvas.popup(rect, title: form.title)
        var y = inside.y + 1
        for (index, field) in form.fields.enumerated() {
            draw(
                field, isFocused: index == form.focus, showsSecrets: form.showsSecrets,
                Rect(x: inside.x, y: y, width: inside.width, height: 3), on: &canvas)
            y += 3
        }
        for (row, text) in problem.enumerated() {
            canvas.write(text, x: inside.x, y: y + row, style: Look.bad, width: inside.width)
        }
    }

    private static func draw(
        _ field: FormField, isFocused: Bool, showsSecrets: Bool, _ rect: Rect, on canvas: inout Canvas
    ) {
        let marker = isFocused ? canvas.glyphs.marker : " "
        canvas.write(marker, x: rect.x, y: rect.y, style: Look.heading, width: 1)
        canvas.write(
            field.label, x: rect.x + 2, y: rect.y, style: isFocused ? Look.strong : Look.plain, width: labelWidth - 1)
        let input = Rect(x: rect.x + 2 + labelWidth, y: rect.y, width: rect.width - labelWidth - 2, height: 1)
        TextInputView.draw(
            field.input, masked: field.isSecret && !showsSecrets, isFocused: isFocused, input, on: &canvas)
        let remark = field.problem.map { "! \($0)" } ?? field.hint
        let rows = Wrap.rows(
            canvas.drawable(remark), width: input.width, most: 2, ellipsis: canvas.glyphs.ellipsis)
        for (row, text) in rows.enumerated() {
            canvas.write(
                text, x: input.x, y: rect.y + 1 + row, style: field.problem == nil ? Look.dim : Look.bad,
                width: input.width)
        }
    }
}
