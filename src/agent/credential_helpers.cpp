#include "agent/credential_helpers.hpp"

#include <algorithm>
#include <utility>

#include "agent/helper_lines.hpp"
#include "agent/printed_keys.hpp"
#include "providers/aws/process_document.hpp"
#include "sources/resolution.hpp"

namespace hearth::agent {
namespace {

using namespace std::chrono_literals;

constexpr Span lock_pause = 50ms;
// Another process may be running it, and others may wait before us.
constexpr Span lock_patience = 90s;

const sources::Source* source_of(const HelperProgram& program) {
    const auto found = std::ranges::find(sources::all(), program.setting, &sources::Source::name);
    return found == sources::all().end() ? nullptr : &*found;
}

// Claude Code's variable for it comes from the caller, and is about Claude alone.
Span ttl_of(const HelperProgram& program, const json::Document& members) {
    const auto asked = members.number("helper_ttl_ms");
    if (!asked || program.setting != "api_key_helper") return program.kept_for;
    constexpr std::int64_t most = 1000LL * 60 * 60 * 24 * 365;
    return Span(std::clamp<std::int64_t>(*asked, 0, most));
}

}  // namespace

// One profile's helper, and who is concerned with it.
struct Helpers::Place {
    struct Seated {
        std::weak_ptr<Call> call;
        Done done;
    };
    HelperDesk desk;
    std::string command;  // What the desk knows is of this one.
    std::map<HelperDesk::Asker, Seated> seated;
    std::unique_ptr<session::HeldLock> lock;
    session::Loop::TimerId timer = 0;
    Known known;
};

// Held by a call until it ends.
class Helpers::Seat {
  public:
    Seat(const std::shared_ptr<Helpers*>& helpers, ProfileName profile, HelperDesk::Asker asker)
        : helpers_(helpers), profile_(std::move(profile)), asker_(asker) {}
    Seat(const Seat&) = delete;
    Seat& operator=(const Seat&) = delete;
    ~Seat() {
        if (const auto live = helpers_.lock()) (*live)->left(profile_, asker_);
    }

  private:
    std::weak_ptr<Helpers*> helpers_;
    ProfileName profile_;
    HelperDesk::Asker asker_;
};

Helpers::Helpers(composition::Composition& composition, session::Loop& loop, const Clock& clock)
    : composition_(composition),
      loop_(loop),
      clock_(clock),
      alive_(std::make_shared<Helpers*>(this)) {}

Helpers::~Helpers() {
    for (const auto& [profile, place] : places_) {
        if (place.timer != 0) loop_.cancel(place.timer);
    }
}

std::optional<HelperProgram> Helpers::program_of(const ProfileName& name) const {
    const auto& profiles = composition_.engine().settings().profiles;
    const auto found = profiles.find(name);
    if (found == profiles.end()) return std::nullopt;
    const auto& profile = *found->second;
    const auto& settings = *profile.helper;
    HelperProgram program{.setting = settings.setting(),
                          .command = settings.command(),
                          .kept_for = settings.kept_for(),
                          .timeout = settings.timeout};
    if (!settings.credential_export.empty()) program.prints = sources::Prints::keys;
    if (!settings.none()) return program;
    auto command = composition_.aws_command(profile);
    if (!command) return std::nullopt;
    constexpr Span keys_kept_for = 1h;
    return HelperProgram{.setting = "credential_process",
                         .command = std::move(command->text),
                         .place = std::move(command->place),
                         .split = true,
                         .prints = sources::Prints::keys,
                         .kept_for = settings.ttl.value_or(keys_kept_for),
                         .timeout = settings.timeout};
}

std::optional<HelperProgram> Helpers::subject_program_of(const ProfileName& name) const {
    const auto& profiles = composition_.engine().settings().profiles;
    const auto found = profiles.find(name);
    auto command =
        found == profiles.end() ? std::nullopt : composition_.subject_command(*found->second);
    if (!command) return std::nullopt;
    HelperProgram program{.setting = "credential_source",
                          .command = std::move(command->command),
                          .split = true,
                          .prints = sources::Prints::subject_token,
                          .timeout = command->timeout};
    for (const auto& [variable, value] : command->variables) {
        std::string pair = variable;
        program.environment.push_back(pair.append("=").append(value));
    }
    return program;
}

std::optional<HelperProgram> Helpers::any_program_of(const ProfileName& name) const {
    auto program = program_of(name);
    return program ? program : subject_program_of(name);
}

std::shared_ptr<void> Helpers::sit_down(
    const CallPtr& call, const ProfileName& profile, Done done,
    const std::function<HelperDesk::Effects(HelperDesk&, const HelperDesk::Question&, Span)>&
        begin) {
    const auto program = any_program_of(profile);
    if (!program) {
        done(std::unexpected(Error{Remedy::usage, profile.text() + " has no helper", ""}));
        return nullptr;
    }
    auto& place = places_[profile];
    if (place.command != program->command) {
        place.desk.forget();
        place.known = {};
        place.command = program->command;
    }
    const auto& members = call->request().members();
    const HelperDesk::Question question{.asker = next_++,
                                        .ttl = ttl_of(*program, members),
                                        .limit = program->timeout,
                                        .runs = members.flag("runs_helpers")};
    place.seated.emplace(question.asker, Place::Seated{.call = call, .done = std::move(done)});
    const auto seat = std::make_shared<Seat>(alive_, profile, question.asker);
    perform(profile, begin(place.desk, question, clock_.now().boot));
    return seat;
}

std::shared_ptr<void> Helpers::credential(const CallPtr& call, const ProfileName& profile,
                                          Done done) {
    return sit_down(call, profile, std::move(done), [](auto& desk, const auto& question, Span now) {
        return desk.ask(question, now);
    });
}

std::shared_ptr<void> Helpers::subject_token(const CallPtr& call, const ProfileName& profile,
                                             Done done) {
    return credential(call, profile, std::move(done));
}

std::shared_ptr<void> Helpers::rejected(const CallPtr& call, const ProfileName& profile,
                                        const Secret& token, Done done) {
    return sit_down(call, profile, std::move(done),
                    [&token](auto& desk, const auto& question, Span now) {
                        return desk.rejected(question, token, now);
                    });
}

Secret Helpers::as_kept(const ProfileName& profile, const Secret& token) const {
    const auto found = places_.find(profile);
    const auto* const output = found == places_.end() ? nullptr : found->second.desk.output();
    if (output == nullptr) return token.clone();
    const bool same = providers::aws::of_same_keys(output->reveal(), token.reveal());
    return (same ? *output : token).clone();
}

std::shared_ptr<void> Helpers::refresh(const CallPtr& call, const ProfileName& profile, Done done) {
    return sit_down(call, profile, std::move(done), [](auto& desk, const auto& question, Span now) {
        return desk.refresh(question, now);
    });
}

void Helpers::perform(const ProfileName& profile, HelperDesk::Effects effects) {
    using Desk = HelperDesk;
    // Before anybody hears of the answer: who is told may ask again.
    auto& place = places_[profile];
    if (!place.desk.runner()) place.lock.reset();
    arm(profile);
    for (auto& effect : effects) {
        if (auto* const got = std::get_if<Desk::Answer>(&effect)) {
            answer(profile, got->to, std::move(got->output));
        } else if (const auto* const refused = std::get_if<Desk::Refuse>(&effect)) {
            answer(profile, refused->to, std::unexpected(refused->trouble));
        } else if (const auto* const told = std::get_if<Desk::Run>(&effect)) {
            run(profile, told->by, clock_.now().boot + lock_patience);
        } else if (const auto* const behind = std::get_if<Desk::RunBehind>(&effect)) {
            const auto call = place.seated.at(behind->by).call.lock();
            if (call) call->event(run_behind_line(profile));
        }
    }
}

void Helpers::answer(const ProfileName& profile, HelperDesk::Asker to,
                     sources::HelperOutput output) {
    auto node = places_[profile].seated.extract(to);
    if (node.empty()) return;
    const auto program = any_program_of(profile);
    const auto* const source = program ? source_of(*program) : nullptr;
    const bool subject = program && program->prints == sources::Prints::subject_token;
    auto& done = node.mapped().done;
    if (!program || (source == nullptr && !subject))
        return done(std::unexpected(Error{Remedy::usage, profile.text() + " has no helper", ""}));
    if (!output)
        return done(std::unexpected(sources::error_of(
            output.error(),
            {.profile = profile.text(), .setting = program->setting, .file = program->place})));
    if (subject) {
        composition_.give_subject(*composition_.engine().settings().profiles.at(profile),
                                  *std::move(output));
        return done(CredentialPtr());
    }
    auto made = composition_.engine().credential_of(profile, *source, *std::move(output));
    if (made) return done(std::move(made));
    done(std::unexpected(Error{Remedy::usage, profile.text() + " has no provider", ""}));
}

// Once no other process runs it.
void Helpers::run(const ProfileName& profile, HelperDesk::Asker by, Span give_up) {
    auto& place = places_[profile];
    const auto program = any_program_of(profile);
    const auto seated = place.seated.find(by);
    const auto call = seated == place.seated.end() ? nullptr : seated->second.call.lock();
    if (place.desk.runner() != by || !program || !call) return;
    const Span now = clock_.now().boot;
    if (!place.lock) {
        // What cannot be locked at all is still run: a second run does no harm.
        auto lock = composition_.try_helper_lock(profile);
        const bool taken = lock && !*lock;
        if (taken && now >= give_up) {
            const sources::HelperTrouble trouble{.kind = sources::HelperTrouble::Kind::busy};
            return perform(profile, place.desk.reported(by, std::unexpected(trouble), now));
        }
        place.desk.expect_by((taken ? give_up : now) + program->timeout +
                             HelperDesk::time_to_report);
        arm(profile);
        if (taken) {
            loop_.at(now + lock_pause, [weak = std::weak_ptr(alive_), profile, by, give_up] {
                if (const auto live = weak.lock()) (*live)->run(profile, by, give_up);
            });
            return;
        }
        if (lock) place.lock = *std::move(lock);
    }
    call->on_report([weak = std::weak_ptr(alive_), profile, by](const json::Document& report) {
        if (const auto live = weak.lock()) (*live)->reported(profile, by, report);
    });
    call->event(run_line(profile, *program));
}

void Helpers::reported(const ProfileName& profile, HelperDesk::Asker by,
                       const json::Document& report) {
    const auto program = any_program_of(profile);
    const auto prints = program ? program->prints : sources::Prints::token;
    const bool keys = prints == sources::Prints::keys;
    auto output = output_in(report, prints);
    std::optional<Span> good_for;
    if (output && keys) {
        auto judged = keys_printed(*output, clock_.now().wall, program->kept_for);
        if (judged) good_for = judged->good_for;
        output = judged ? sources::HelperOutput(std::move(judged->document))
                        : std::unexpected(judged.error());
    }
    auto& place = places_[profile];
    place.known.ran_at = clock_.now().wall;
    place.known.failed = !output;
    place.known.ended = output ? "ended with exit status 0" : sources::describe(output.error());
    composition_.engine().announce({.kind = session::Event::Kind::helper_ran,
                                    .at = *place.known.ran_at,
                                    .profile = profile,
                                    .text = place.known.ended + " after " +
                                            to_string(Span(std::clamp<std::int64_t>(
                                                report.number("ms").value_or(0), 0, 3'600'000)))});
    perform(profile, place.desk.reported(by, std::move(output), clock_.now().boot, good_for));
}

void Helpers::arm(const ProfileName& profile) {
    auto& place = places_[profile];
    if (place.timer != 0) loop_.cancel(std::exchange(place.timer, 0));
    const auto deadline = place.desk.deadline();
    if (!deadline) return;
    place.timer = loop_.at(*deadline, [this, profile] {
        auto& late = places_[profile];
        late.timer = 0;
        perform(profile, late.desk.expire(clock_.now().boot));
    });
}

void Helpers::left(const ProfileName& profile, HelperDesk::Asker asker) {
    auto& place = places_[profile];
    place.seated.erase(asker);
    perform(profile, place.desk.left(asker, clock_.now().boot));
}

Helpers::Known Helpers::known(const ProfileName& profile) const {
    const auto found = places_.find(profile);
    if (found == places_.end()) return {};
    auto known = found->second.known;
    known.age = found->second.desk.age(clock_.now().boot);
    return known;
}

CredentialPtr Helpers::kept(const ProfileName& profile) const {
    const auto found = places_.find(profile);
    const auto program = found == places_.end() ? std::nullopt : program_of(profile);
    if (!program || found->second.command != program->command) return nullptr;
    const auto* const output = found->second.desk.kept(clock_.now().boot);
    const auto* const source = source_of(*program);
    if (output == nullptr || source == nullptr) return nullptr;
    return composition_.engine().credential_of(profile, *source, output->clone());
}

void Helpers::forget() noexcept {
    for (auto& [profile, place] : places_) place.desk.forget();
}

}  // namespace hearth::agent
