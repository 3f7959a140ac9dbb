#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/time.hpp"
#include "sources/helper_output.hpp"

namespace hearth::agent {

// Decides who runs one profile's auth_refresh, and whose request is tried again after it: one run
// at a time, whoever asks. A value among values: what happened goes in, what is to be done comes
// out, in that order; `now` is the boot-time clock.
class RefreshDesk {
  public:
    using Asker = std::uint64_t;  // Never 0.
    static constexpr std::size_t most_lines = 20;
    static constexpr std::size_t longest_line = 400;

    struct Run {
        Asker by = 0;
    };
    struct TryAgain {
        Asker to = 0;
    };
    struct Refuse {
        Asker to = 0;
        sources::HelperTrouble trouble;  // Of the run; `nobody` where there was none.
    };
    // Of what it prints. Empty: it still runs.
    struct Tell {
        Asker to = 0;
        std::string line;
    };
    using Effect = std::variant<Run, TryAgain, Refuse, Tell>;
    using Effects = std::vector<Effect>;

    struct Question {
        Asker asker = 0;
        Span asked{};          // When the request that failed was begun.
        Span limit{};          // How long a run may take.
        bool runs = true;      // Whether the asker can run it.
        bool insists = false;  // A person wants it to be run, whatever came of it before.
    };
    // Absent for a run that ended with status 0.
    using End = std::optional<sources::HelperTrouble>;

    // Its request has failed. Whoever comes while it runs hears what it has printed by then.
    Effects failed(const Question& question, Span now);
    // Another process has run it meanwhile: nobody knows what came of that.
    Effects ran_elsewhere(Asker by, Span now);
    // Of one who was told to run it.
    Effects printed(Asker by, std::string_view line);
    Effects ended(Asker by, End end, Span now);
    // What was tried again has failed again.
    void failed_again(Span now) noexcept;
    // The asker has gone.
    Effects left(Asker asker, Span now);
    // What should have happened by `deadline` has not.
    Effects expire(Span now);
    // Those who wait hear that it still runs.
    [[nodiscard]] Effects reassure() const;

    // Moves the deadline of whoever runs it.
    void expect_by(Span until) noexcept;
    [[nodiscard]] std::optional<Span> deadline() const noexcept;
    [[nodiscard]] std::optional<Asker> runner() const noexcept;
    // The last that it printed: of the run that is under way, else of the last one.
    [[nodiscard]] const std::deque<std::string>& lines() const noexcept { return lines_; }
    // What came of the last run; absent before there was one.
    [[nodiscard]] const std::optional<End>& last() const noexcept { return last_; }

  private:
    struct Running {
        Asker by;
        Span until;
    };
    struct Waiter {
        Question question;
        bool asked = false;  // To run it.
    };

    void begin(const Question& question, Span now);
    Effects end_all(End end, Span now);

    std::optional<Running> running_;
    std::vector<Waiter> waiting_;
    std::deque<std::string> lines_;
    std::optional<End> last_;
    Span ended_at_{};
    Span not_before_{};  // It did not help.
};

// As much of it as a terminal may be shown: no control characters, and not too long.
std::string shown_line(std::string_view line);

}  // namespace hearth::agent
