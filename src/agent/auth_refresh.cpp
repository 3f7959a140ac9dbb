#include "agent/auth_refresh.hpp"

#include <algorithm>
#include <utility>

namespace hearth::agent {
namespace {

using namespace std::chrono_literals;
using Trouble = sources::HelperTrouble;

constexpr Span lock_pause = 50ms;
constexpr Span time_to_look = 1s;
// So often those who wait hear that it still runs: they take an agent that is silent for dead.
constexpr Span reassuring = 20s;

Secret run_line(const ProfileName& profile, const AuthRefreshSettings& settings) {
    Line line;
    line.object("event").text("type", "refresh_run").text("profile", profile.text());
    line.text("command", settings.command);
    line.number("timeout_ms", settings.timeout.count());
    return line.take();
}

Secret output_line(const ProfileName& profile, std::string_view text) {
    Line line;
    line.object("event").text("type", "refresh_output").text("profile", profile.text());
    line.text("text", text);
    return line.take();
}

RefreshDesk::End end_in(const json::Document& ended) {
    const auto kind = sources::parse_trouble(ended.text("how")).value_or(Trouble::Kind::exited);
    const auto status = std::clamp<std::int64_t>(ended.number("status").value_or(0), 0, 255);
    if (kind == Trouble::Kind::exited && status == 0) return {};
    return Trouble{.kind = kind, .status = static_cast<int>(status)};
}

std::string told_of(const RefreshDesk::End& end) {
    return end ? sources::describe(*end) : "ended with exit status 0";
}

}  // namespace

// One profile's command, and who is concerned with it.
struct AuthRefreshes::Place {
    struct Seated {
        std::weak_ptr<Call> call;
        Done done;
    };
    RefreshDesk desk;
    std::map<RefreshDesk::Asker, Seated> seated;
    std::unique_ptr<session::HeldLock> lock;
    session::Loop::TimerId timer = 0;
    std::optional<Instant> ran_at;
};

// Held by a call until it ends.
class AuthRefreshes::Seat {
  public:
    Seat(const std::shared_ptr<AuthRefreshes*>& refreshes, ProfileName profile,
         RefreshDesk::Asker asker)
        : refreshes_(refreshes), profile_(std::move(profile)), asker_(asker) {}
    Seat(const Seat&) = delete;
    Seat& operator=(const Seat&) = delete;
    ~Seat() {
        if (const auto live = refreshes_.lock()) (*live)->left(profile_, asker_);
    }

  private:
    std::weak_ptr<AuthRefreshes*> refreshes_;
    ProfileName profile_;
    RefreshDesk::Asker asker_;
};

AuthRefreshes::AuthRefreshes(composition::Composition& composition, session::Loop& loop,
                             const Clock& clock)
    : composition_(composition),
      loop_(loop),
      clock_(clock),
      alive_(std::make_shared<AuthRefreshes*>(this)) {}

AuthRefreshes::~AuthRefreshes() {
    for (const auto& [profile, place] : places_) {
        if (place.timer != 0) loop_.cancel(place.timer);
    }
}

const AuthRefreshSettings* AuthRefreshes::settings_of(const ProfileName& profile) const {
    const auto& profiles = composition_.engine().settings().profiles;
    const auto found = profiles.find(profile);
    // A sign-in is a person's.
    if (found == profiles.end() || !composition_.unattended(*found->second)) return nullptr;
    const AuthRefreshSettings& settings = *std::as_const(*found->second).auth_refresh;
    return settings.command.empty() ? nullptr : &settings;
}

bool AuthRefreshes::mends(const ProfileName& profile, const Error& error) const {
    const auto* const settings = settings_of(profile);
    const bool mendable = error.remedy == Remedy::sign_in || error.remedy == Remedy::failed ||
                          error.remedy == Remedy::refused;
    if (!mendable || settings == nullptr) return false;
    // That is nothing of the provider's.
    const auto status = composition_.engine().status(profile);
    return status && status->state != session::State::store_unavailable;
}

std::shared_ptr<void> AuthRefreshes::failed(const CallPtr& call, const ProfileName& profile,
                                            Span asked, Wish wish, Done done) {
    const auto* const settings = settings_of(profile);
    auto& place = places_[profile];
    const auto& members = call->request().members();
    const RefreshDesk::Question question{.asker = next_++,
                                         .asked = asked,
                                         .limit = settings == nullptr ? Span() : settings->timeout,
                                         .runs = settings != nullptr &&
                                                 members.flag("runs_helpers") &&
                                                 !members.flag("runs_no_refresh"),
                                         .insists = wish == Wish::insisted};
    place.seated.emplace(question.asker, Place::Seated{.call = call, .done = std::move(done)});
    const auto seat = std::make_shared<Seat>(alive_, profile, question.asker);
    perform(profile, place.desk.failed(question, clock_.now().boot));
    return seat;
}

Error AuthRefreshes::failed_again(const ProfileName& profile, Error error) {
    auto& desk = places_[profile].desk;
    desk.failed_again(clock_.now().boot);
    const auto end = desk.last().value_or(RefreshDesk::End());
    return with_refresh(std::move(error), profile,
                        end.value_or(Trouble{.kind = Trouble::Kind::exited}));
}

void AuthRefreshes::perform(const ProfileName& profile, RefreshDesk::Effects effects) {
    using Desk = RefreshDesk;
    // Before anybody hears of the end: who is told may ask again.
    auto& place = places_[profile];
    if (!place.desk.runner()) place.lock.reset();
    arm(profile);
    for (auto& effect : effects) {
        if (const auto* const told = std::get_if<Desk::Run>(&effect)) {
            run(profile, told->by, std::nullopt);
        } else if (const auto* const again = std::get_if<Desk::TryAgain>(&effect)) {
            answer(profile, again->to, std::nullopt);
        } else if (const auto* const refused = std::get_if<Desk::Refuse>(&effect)) {
            answer(profile, refused->to, refused->trouble);
        } else if (const auto* const tell = std::get_if<Desk::Tell>(&effect)) {
            const auto found = place.seated.find(tell->to);
            const auto call = found == place.seated.end() ? nullptr : found->second.call.lock();
            if (call) call->event(output_line(profile, tell->line));
        }
    }
}

void AuthRefreshes::answer(const ProfileName& profile, RefreshDesk::Asker to,
                           std::optional<Trouble> trouble) {
    auto node = places_[profile].seated.extract(to);
    if (node.empty()) return;
    // Later: it may drop what it holds of this.
    loop_.post([done = std::move(node.mapped().done), trouble]() mutable { done(trouble); });
}

// Once no other process runs it.
void AuthRefreshes::run(const ProfileName& profile, RefreshDesk::Asker by,
                        std::optional<Span> give_up) {
    auto& place = places_[profile];
    const auto* const settings = settings_of(profile);
    const auto seated = place.seated.find(by);
    const auto call = seated == place.seated.end() ? nullptr : seated->second.call.lock();
    if (place.desk.runner() != by || settings == nullptr || !call) return;
    const Span now = clock_.now().boot;
    if (!place.lock) {
        // What cannot be locked at all is still run: a second run does no harm.
        auto lock = composition_.try_helper_lock(profile);
        if (lock && !*lock) return wait_for_lock(profile, by, give_up);
        if (lock) place.lock = *std::move(lock);
        // Whoever ran it in the meantime did so for this, too.
        if (give_up) return perform(profile, place.desk.ran_elsewhere(by, now));
    }
    call->on_report([weak = std::weak_ptr(alive_), profile, by](const json::Document& report) {
        if (const auto live = weak.lock()) (*live)->reported(profile, by, report);
    });
    place.ran_at = clock_.now().wall;
    call->event(run_line(profile, *settings));
}

// Another process runs it.
void AuthRefreshes::wait_for_lock(const ProfileName& profile, RefreshDesk::Asker by,
                                  std::optional<Span> give_up) {
    auto& place = places_[profile];
    const Span now = clock_.now().boot;
    const Span until = give_up.value_or(now + settings_of(profile)->timeout);
    if (now >= until)
        return perform(profile, place.desk.ended(by, Trouble{.kind = Trouble::Kind::busy}, now));
    place.desk.expect_by(until + time_to_look);
    arm(profile);
    loop_.at(now + lock_pause, [weak = std::weak_ptr(alive_), profile, by, until] {
        if (const auto live = weak.lock()) (*live)->run(profile, by, until);
    });
}

void AuthRefreshes::reported(const ProfileName& profile, RefreshDesk::Asker by,
                             const json::Document& report) {
    auto& place = places_[profile];
    if (!report.has("refresh_ended"))
        return perform(profile, place.desk.printed(by, report.text("refresh_output")));
    const auto end = end_in(report.object("refresh_ended"));
    composition_.engine().announce({.kind = session::Event::Kind::helper_ran,
                                    .at = clock_.now().wall,
                                    .profile = profile,
                                    .text = "auth_refresh " + told_of(end)});
    perform(profile, place.desk.ended(by, end, clock_.now().boot));
}

void AuthRefreshes::arm(const ProfileName& profile) {
    auto& place = places_[profile];
    if (place.timer != 0) loop_.cancel(std::exchange(place.timer, 0));
    const auto deadline = place.desk.deadline();
    if (!deadline) return;
    const Span next = std::min(*deadline, clock_.now().boot + reassuring);
    place.timer = loop_.at(next, [this, profile] {
        auto& late = places_[profile];
        late.timer = 0;
        auto effects = late.desk.expire(clock_.now().boot);
        if (late.desk.runner()) effects = late.desk.reassure();
        perform(profile, std::move(effects));
    });
}

void AuthRefreshes::left(const ProfileName& profile, RefreshDesk::Asker asker) {
    auto& place = places_[profile];
    place.seated.erase(asker);
    perform(profile, place.desk.left(asker, clock_.now().boot));
}

void AuthRefreshes::write(Line& line, const ProfileName& profile) const {
    const auto* const settings = settings_of(profile);
    if (settings == nullptr) return;
    const auto found = places_.find(profile);
    line.object("auth_refresh");
    line.text_or_null("program", sources::program_of(settings->command));
    line.flag("running", found != places_.end() && found->second.desk.runner().has_value());
    line.instant("ran_at", found == places_.end() ? std::nullopt : found->second.ran_at);
    const auto last = found == places_.end() ? std::nullopt : found->second.desk.last();
    line.text_or_null("ended", last ? told_of(*last) : "").list("lines");
    if (found != places_.end()) {
        for (const auto& text : found->second.desk.lines()) line.text({}, text);
    }
    line.close().close();
}

Error with_refresh(Error error, const ProfileName& profile, const Trouble& trouble) {
    if (trouble.kind == Trouble::Kind::nobody) {
        error.hint = "hearth login " + profile.text() + " runs its auth_refresh";
        return error;
    }
    error.what += "; its auth_refresh " + sources::describe(trouble);
    error.hint = "hearth login " + profile.text() + " runs it again";
    return error;
}

}  // namespace hearth::agent
