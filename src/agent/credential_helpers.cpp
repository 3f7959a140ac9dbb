#include "agent/credential_helpers.hpp"

#include <algorithm>
#include <utility>

#include "agent/line.hpp"
#include "sources/resolution.hpp"

namespace hearth::agent {
namespace {

using namespace std::chrono_literals;

constexpr Span lock_pause = 50ms;
// Another process may be running it, and others may wait before us.
constexpr Span lock_patience = 90s;

const sources::Source* source_of(const Profile& profile) {
    const auto found = std::ranges::find(
        sources::all(), std::string_view(profile.helper->setting()), &sources::Source::name);
    return found == sources::all().end() ? nullptr : &*found;
}

// Claude Code's variable for it comes from the caller, and is about Claude alone.
Span ttl_of(const Profile& profile, const json::Document& members) {
    const auto asked = members.number("helper_ttl_ms");
    if (!asked || profile.provider != "claude") return profile.helper->ttl;
    constexpr std::int64_t most = 1000LL * 60 * 60 * 24 * 365;
    return Span(std::clamp<std::int64_t>(*asked, 0, most));
}

Secret run_line(const Profile& profile) {
    Line line;
    line.object("event").text("type", "helper").text("profile", profile.name.text());
    line.text("setting", profile.helper->setting()).text("command", profile.helper->command());
    line.number("timeout_ms", profile.helper->timeout.count());
    return line.take();
}

Secret run_behind_line(const Profile& profile) {
    Line line;
    line.object("event").text("type", "helper_refresh").text("profile", profile.name.text());
    return line.take();
}

sources::HelperOutput output_in(const json::Document& report) {
    if (const auto printed = report.secret("helper_output")) return sources::token_of(*printed);
    const auto failed = report.object("helper_failed");
    const auto kind = sources::parse_trouble(failed.text("how"));
    const auto status = std::clamp<std::int64_t>(failed.number("status").value_or(0), 0, 255);
    return std::unexpected(
        sources::HelperTrouble{.kind = kind.value_or(sources::HelperTrouble::Kind::not_started),
                               .status = static_cast<int>(status)});
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

const Profile* Helpers::profile_of(const ProfileName& name) const {
    const auto& profiles = composition_.engine().settings().profiles;
    const auto found = profiles.find(name);
    return found == profiles.end() || found->second->helper->none() ? nullptr : found->second.get();
}

std::shared_ptr<void> Helpers::sit_down(
    const CallPtr& call, const ProfileName& profile, Done done,
    const std::function<HelperDesk::Effects(HelperDesk&, const HelperDesk::Question&, Span)>&
        begin) {
    const auto* const settings = profile_of(profile);
    if (settings == nullptr) {
        done(std::unexpected(Error{Remedy::usage, profile.text() + " has no helper", ""}));
        return nullptr;
    }
    auto& place = places_[profile];
    if (place.command != settings->helper->command()) {
        place.desk.forget();
        place.known = {};
        place.command = settings->helper->command();
    }
    const auto& members = call->request().members();
    const HelperDesk::Question question{.asker = next_++,
                                        .ttl = ttl_of(*settings, members),
                                        .limit = settings->helper->timeout,
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

std::shared_ptr<void> Helpers::rejected(const CallPtr& call, const ProfileName& profile,
                                        const Secret& token, Done done) {
    return sit_down(call, profile, std::move(done),
                    [&token](auto& desk, const auto& question, Span now) {
                        return desk.rejected(question, token, now);
                    });
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
            const auto* const settings = profile_of(profile);
            if (call && settings != nullptr) call->event(run_behind_line(*settings));
        }
    }
}

void Helpers::answer(const ProfileName& profile, HelperDesk::Asker to,
                     sources::HelperOutput output) {
    auto node = places_[profile].seated.extract(to);
    if (node.empty()) return;
    const auto* const settings = profile_of(profile);
    const auto* const source = settings == nullptr ? nullptr : source_of(*settings);
    auto& done = node.mapped().done;
    if (source == nullptr) {
        return done(std::unexpected(Error{Remedy::usage, profile.text() + " has no helper", ""}));
    }
    if (!output)
        return done(std::unexpected(
            sources::error_of(output.error(), profile.text(), settings->helper->setting())));
    auto made = composition_.engine().credential_of(profile, *source, *std::move(output));
    if (made) return done(std::move(made));
    done(std::unexpected(Error{Remedy::usage, profile.text() + " has no provider", ""}));
}

// Once no other process runs it.
void Helpers::run(const ProfileName& profile, HelperDesk::Asker by, Span give_up) {
    auto& place = places_[profile];
    const auto* const settings = profile_of(profile);
    const auto seated = place.seated.find(by);
    const auto call = seated == place.seated.end() ? nullptr : seated->second.call.lock();
    if (place.desk.runner() != by || settings == nullptr || !call) return;
    const Span now = clock_.now().boot;
    if (!place.lock) {
        // What cannot be locked at all is still run: a second run does no harm.
        auto lock = composition_.try_helper_lock(profile);
        const bool taken = lock && !*lock;
        if (taken && now >= give_up) {
            const sources::HelperTrouble trouble{.kind = sources::HelperTrouble::Kind::busy};
            return perform(profile, place.desk.reported(by, std::unexpected(trouble), now));
        }
        place.desk.expect_by((taken ? give_up : now) + settings->helper->timeout +
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
    call->event(run_line(*settings));
}

void Helpers::reported(const ProfileName& profile, HelperDesk::Asker by,
                       const json::Document& report) {
    auto output = output_in(report);
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
    perform(profile, place.desk.reported(by, std::move(output), clock_.now().boot));
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

void Helpers::forget() noexcept {
    for (auto& [profile, place] : places_) place.desk.forget();
}

}  // namespace hearth::agent
