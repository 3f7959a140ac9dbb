#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "core/time.hpp"
#include "hearth/secret.hpp"
#include "sources/helper_output.hpp"

namespace hearth::agent {

// Decides who runs one profile's helper, and who gets what it printed: one run at a time, whoever
// asks. A value among values: what happened goes in, what is to be done comes out, in that order;
// `now` is the boot-time clock. Outputs are in locked memory and nowhere else.
class HelperDesk {
  public:
    using Asker = std::uint64_t;  // Never 0.
    // A run that was not reported on by so long after its limit will not be.
    static constexpr Span time_to_report = std::chrono::seconds(5);

    struct Answer {
        Asker to = 0;
        Secret output;
    };
    struct Refuse {
        Asker to = 0;
        sources::HelperTrouble trouble;
    };
    struct Run {
        Asker by = 0;
    };
    // Run it again once the answer, which comes next, has been used.
    struct RunBehind {
        Asker by = 0;
    };
    using Effect = std::variant<Answer, Refuse, Run, RunBehind>;
    using Effects = std::vector<Effect>;

    struct Question {
        Asker asker = 0;
        Span ttl{};        // How old an output may be.
        Span limit{};      // How long a run may take.
        bool runs = true;  // Whether the asker can run it.
    };

    // A younger output is answered at once; an older one too, and then one asker runs it behind
    // that; without one an asker runs it, and the others wait.
    Effects ask(const Question& question, Span now);
    // The same for a token that a server refused: it is not handed out any more, and for a minute
    // the helper is not believed when it gives it again.
    Effects rejected(const Question& question, const Secret& token, Span now);
    // Who was told to run it behind an answer is there to do so.
    Effects refresh(const Question& question, Span now);
    // Of one who was told to run it. What says itself how long it is good is handed out until then
    // and no longer, however old it may be.
    Effects reported(Asker asker, sources::HelperOutput output, Span now,
                     std::optional<Span> good_for = {});
    // The asker has gone.
    Effects left(Asker asker, Span now);
    // What should have happened by `deadline` has not.
    Effects expire(Span now);

    // Moves the deadline of whoever runs it.
    void expect_by(Span until) noexcept;
    void forget() noexcept;

    [[nodiscard]] std::optional<Span> deadline() const noexcept;
    [[nodiscard]] std::optional<Asker> runner() const noexcept;
    // Null without one.
    [[nodiscard]] const Secret* output() const noexcept;
    // The same, where it says itself that it is still good.
    [[nodiscard]] const Secret* kept(Span now) const noexcept;
    // How old the output is; absent without one.
    [[nodiscard]] std::optional<Span> age(Span now) const noexcept;

  private:
    struct Output {
        Secret token;
        Span at;
        std::optional<Span> until;  // Handed out until then, where it says so itself.
    };
    struct Running {
        Asker by;  // 0: somebody who will come by `refresh`.
        Span until;
    };
    struct Waiter {
        Question question;
        bool asked = false;  // To run it.
    };
    struct Rejected {
        Secret token;
        Span until;
        bool given_again = false;
    };

    Effects run_or_wait(const Question& question, Span now);
    // What may be handed out, young or old; null when there is nothing.
    [[nodiscard]] const Output* usable(const Question& question, Span now) const noexcept;
    Effects next_runner(Span now, sources::HelperTrouble otherwise);
    Effects refuse_all(sources::HelperTrouble trouble);
    Effects take(Secret token, Span now, std::optional<Span> good_for);

    std::optional<Output> output_;
    std::optional<Running> running_;
    std::optional<Rejected> rejected_;
    std::vector<Waiter> waiting_;
    Span not_behind_before_{};  // A run behind an answer has failed.
};

}  // namespace hearth::agent
