#include "cli/status_view.hpp"

#include <algorithm>
#include <array>

#include "cli/escape.hpp"
#include "cli/table.hpp"
#include "core/time.hpp"

namespace hearth::cli {
namespace {

using std::chrono::seconds;

constexpr seconds notable_skew{30};
constexpr std::chrono::days warning_ahead{3};

struct StateWords {
    std::string_view state;
    std::string_view shown;
    Colour colour;
};
constexpr std::array states{
    StateWords{"fresh", "fresh", Colour::green},
    StateWords{"renewing", "renewing", Colour::cyan},
    StateWords{"waiting", "waiting", Colour::yellow},
    StateWords{"signed_out", "signed out", Colour::faint},
    StateWords{"sign_in_needed", "sign-in needed", Colour::red},
    StateWords{"store_unavailable", "store unavailable", Colour::red},
    StateWords{"refused", "refused", Colour::red},
    StateWords{"unknown", "unknown", Colour::faint},
};

Cell state_cell(const std::string& state, bool colours) {
    const auto found = std::ranges::find(states, state, &StateWords::state);
    if (found == states.end()) return {.text = state};
    return {.text = std::string(found->shown), .colour = colours ? found->colour : Colour::none};
}

std::optional<Instant> instant(const JsonView& value) {
    const auto parsed = parse_rfc3339(value.text());
    return parsed ? std::optional(*parsed) : std::nullopt;
}

// The agent's now, so that its spans and ours agree: as it tells, or else as its spans imply.
std::optional<Instant> now_of(const JsonView& answer, const JsonView& profile) {
    if (const auto told = instant(answer["now"])) return told;
    const auto expires = instant(profile["expires_at"]);
    const auto left = profile["seconds_left"].number();
    if (!expires || !left) return std::nullopt;
    return *expires - seconds(*left);
}

std::string whole_seconds(Span span) { return to_string(std::chrono::floor<seconds>(span)); }

std::string left_text(const JsonView& profile) {
    const auto left = profile["seconds_left"].number();
    if (!left) return "";
    return *left > 0 ? to_string(seconds(*left)) : "expired";
}

std::string account_text(const JsonView& profile) {
    const auto fingerprint = profile["fingerprint"].text();
    return fingerprint.empty() ? profile["account"].text() : "API key " + fingerprint;
}

std::string renews_text(const JsonView& answer, const JsonView& profile) {
    const auto now = now_of(answer, profile);
    const auto renews = instant(profile["renews_at"]);
    if (!now || !renews) return "";
    return *renews > *now ? "in " + whole_seconds(*renews - *now) : "now";
}

struct Notes {
    std::string text;
    void add(const std::string& profile, const std::string& note) {
        text += escaped(profile) + ": " + escaped(note) + "\n";
    }
};

std::string next_step(const std::string& name, const std::string& state) {
    if (state == "sign_in_needed") return "; next: hearth login " + name;
    if (state == "store_unavailable") return "; next: hearth doctor";
    return "";
}

void note_ends(const JsonView& answer, const JsonView& profile, Notes& notes) {
    const auto now = now_of(answer, profile);
    const auto ends = instant(profile["refresh_expires_at"]);
    if (!now || !ends || *ends - *now > warning_ahead) return;
    const auto name = profile["profile"].text();
    const auto when = *ends > *now ? "ends in " + whole_seconds(*ends - *now) : "has ended";
    notes.add(name, "the sign-in itself " + when + "; next: hearth login " + name);
}

void note(const JsonView& answer, const JsonView& profile, Notes& notes) {
    const auto name = profile["profile"].text();
    const auto state = profile["state"].text();
    if (const auto error = profile["last_error"].text(); !error.empty()) {
        notes.add(name, error + next_step(name, state));
    } else if (const auto step = next_step(name, state); !step.empty()) {
        notes.add(name, step.substr(2));
    }
    if (state == "waiting")
        notes.add(name, "its renewal waits, after a failure or for its turn at the provider");
    const seconds skew(profile["skew_seconds"].number().value_or(0));
    if (skew >= notable_skew || skew <= -notable_skew)
        notes.add(name, "the provider's clock is " + to_string(skew < seconds(0) ? -skew : skew) +
                            (skew < seconds(0) ? " behind" : " ahead of") + " this machine's");
    note_ends(answer, profile, notes);
}

void note_refresh(const JsonView& profile, Notes& notes) {
    const auto refresh = profile["auth_refresh"];
    const auto name = profile["profile"].text();
    if (refresh["running"].flag()) {
        notes.add(name, "its auth_refresh runs");
    } else if (const auto ended = refresh["ended"].text(); !ended.empty()) {
        notes.add(name, "its auth_refresh " + ended);
    }
    for (const auto& line : refresh["lines"].items()) notes.add(name, "| " + line.text());
}

std::string store_lines(const JsonView& answer) {
    const auto store = answer["store"];
    const auto description = store["description"].text();
    const auto state = store["state"].text();
    auto text = "store: " + escaped(description.empty() ? store["kind"].text() : description);
    if (!state.empty()) text += " (" + escaped(state) + ")";
    text += "\n";
    if (const auto error = answer["config"]["error"].text(); !error.empty())
        text += "settings: " + escaped(error) + "\n";
    return text;
}

std::vector<Cell> heading(bool colours) {
    std::vector<Cell> cells;
    for (const auto* name : {"PROFILE", "PROVIDER", "STATE", "ACCOUNT", "LEFT", "RENEWS", "SOURCE"})
        cells.push_back({.text = name, .colour = colours ? Colour::bold : Colour::none});
    return cells;
}

}  // namespace

std::string status_text(const JsonView& answer, const StatusStyle& style) {
    const auto profiles = answer["profiles"].items();
    if (profiles.empty())
        return "There is no profile yet. hearth profile add --help\n" + store_lines(answer);
    Table table;
    table.row(heading(style.colours));
    Notes notes;
    for (const auto& profile : profiles) {
        const auto project = profile["project"].text();
        table.row({{.text = profile["profile"].text() + (project.empty() ? "" : " in " + project)},
                   {.text = profile["provider"].text()},
                   state_cell(profile["state"].text(), style.colours),
                   {.text = account_text(profile)},
                   {.text = left_text(profile)},
                   {.text = renews_text(answer, profile)},
                   {.text = profile["source"].text()}});
        note(answer, profile, notes);
        note_refresh(profile, notes);
    }
    for (const auto& sink : answer["sinks"].items()) {
        const auto error = sink["error"].text();
        const auto hint = sink["hint"].text();
        if (!error.empty())
            notes.add("sink " + sink["sink"].text(), hint.empty() ? error : error + "; " + hint);
    }
    auto text = table.rendered(style.width, {3, 6, 0});
    if (!notes.text.empty()) text += "\n" + notes.text;
    return text + "\n" + store_lines(answer);
}

}  // namespace hearth::cli
