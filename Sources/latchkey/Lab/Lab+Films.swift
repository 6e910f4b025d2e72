import LoginCore
import Providers
import Scenarios
import TerminalUI

/// Films and stories in a lab, which goes on meanwhile; whatever takes long runs beside the loop.
extension Lab {
    func tellFilm(_ command: FilmCommand) {
        guard let film else {
            tell("No film is on: m has the stories, :film FILE plays a recording.")
            return
        }
        film.send(.film(command))
    }

    /// Plays a recording or, by its ending, a story's file.
    func openFilm(_ file: String) {
        prepare { () throws(Failure) in try Film.Reel(file: try SavedFiles.path(file)) }
    }

    func playStory(_ name: String) {
        prepare { () throws(Failure) in try Film.Reel(playing: try StoryChoice.builtIn(name)) }
    }

    /// Ends the film, or gives up the one that is being prepared.
    func leaveFilm() {
        lastFilm += 1
        preparation?.cancel()
        preparation = nil
        film?.end()
        film = nil
    }

    private func prepare(_ make: @escaping @Sendable () throws(Failure) -> Film.Reel) {
        lastFilm += 1
        let number = lastFilm
        preparation?.cancel()
        preparation = runBeside { [post] in
            do throws(Failure) {
                post.yield(.filmReady(number, try make()))
            } catch {
                post.yield(.filmFailed(number, error.sentence))
            }
        }
    }

    func fail(_ number: Int, _ sentence: String) {
        guard number == lastFilm else { return }
        publish(.filmFailed(sentence))
    }

    func begin(_ number: Int, _ reel: Film.Reel) {
        guard number == lastFilm, let provider = ProviderRegistry.provider(reel.recording.provider) else { return }
        film?.end()
        publish(.filmBegan(number: number, provider: provider.id))
        let film = Film(reel, provider: provider, isPlaying: true) { [publish] event in
            publish(.film(number: number, event))
        }
        self.film = film
        runBeside { await film.run() }
    }

    // MARK: - The list

    /// Tells at once what the stories are, and then of each what a live run of it can be.
    func listStories() {
        guard !isListing else { return }
        isListing = true
        runBeside { [publish, own = provider.id] in
            let all = (try? StoryChoice.all()) ?? []  // a test holds every text to be a story
            // The lab's own provider first.
            let chosen = all.filter { $0.story.provider == own } + all.filter { $0.story.provider != own }
            var views = chosen.map { StoryView($0.story) }
            publish(.stories(views))
            for (index, item) in chosen.enumerated() {
                guard !Task.isCancelled, let result = try? item.story.play() else { continue }
                views[index].live = StoryView.Live(Comparability(result))
                // Some at a time: the screen is drawn for each.
                if index % 8 == 7 { publish(.stories(views)) }
            }
            publish(.stories(views))
        }
    }
}

extension StoryView {
    fileprivate init(_ story: Story) {
        self.init(
            name: story.name, provider: ProviderRegistry.provider(story.provider)?.title ?? story.provider,
            title: story.title, about: story.about, rules: story.shows.map(\.text))
    }
}

extension StoryView.Live {
    fileprivate init(_ comparability: Comparability) {
        self =
            comparability.isComparable
            ? .comparable(highestScale: comparability.highestScale, limit: comparability.reason)
            : .virtualOnly(comparability.reason ?? "")
    }
}
