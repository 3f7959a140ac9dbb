#include "agent/metrics_report.hpp"

#include <array>
#include <set>

#include "agent/exposition.hpp"
#include "agent/helper_story.hpp"
#include "agent/line.hpp"
#include "agent/projects.hpp"

namespace hearth::agent {
namespace {

using session::Event;
using session::ProfileStatus;
using session::State;
using Profiles = std::vector<Observed::Profile>;
using Type = Exposition::Type;

// An event that is one of the outcomes of what a metric counts.
struct Outcome {
    Event::Kind kind;
    std::string_view name;
};

constexpr std::array renewal_outcomes{Outcome{Event::Kind::renewed, "renewed"},
                                      Outcome{Event::Kind::renewal_failed, "failed"},
                                      Outcome{Event::Kind::sign_in_needed, "sign_in_needed"}};
constexpr std::array sign_in_outcomes{Outcome{Event::Kind::signed_in, "signed_in"},
                                      Outcome{Event::Kind::sign_in_failed, "failed"}};
constexpr std::array sink_outcomes{Outcome{Event::Kind::sink_written, "written"},
                                   Outcome{Event::Kind::sink_failed, "failed"}};

constexpr std::array states{State::unknown,           State::signed_out, State::fresh,
                            State::renewing,          State::waiting,    State::sign_in_needed,
                            State::store_unavailable, State::refused};

std::int64_t seconds_of(Instant instant) {
    return std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count();
}

std::uint64_t count_of(const Metrics::Tally& tally, Event::Kind kind) {
    const auto found = tally.events.find(kind);
    return found == tally.events.end() ? 0 : found->second;
}

void write_agent(Exposition& text, const Observed& observed) {
    text.metric("hearth_build_info", Type::gauge, "Always 1; the version of the agent.");
    text.sample({{"version", observed.version}}, std::uint64_t{1});
    text.metric("hearth_agent_start_time_seconds", Type::gauge,
                "When the agent was started, in seconds since 1970.");
    text.sample({}, seconds_of(observed.since));
    text.metric("hearth_connections", Type::gauge,
                "Programs that are connected to the agent, the one that asks included.");
    text.sample({}, std::uint64_t{observed.connections});
    text.metric("hearth_sessions", Type::gauge, "Sign-ins that the agent has in memory.");
    text.sample({}, std::uint64_t{observed.sessions});
}

void write_states(Exposition& text, const Profiles& profiles) {
    text.metric("hearth_profile_info", Type::gauge,
                "Always 1; what a person calls the profile, and its provider.");
    for (const auto& profile : profiles) {
        text.sample({{"profile", profile.status.profile.text()},
                     {"name", profile.name},
                     {"provider", profile.status.provider}},
                    std::uint64_t{1});
    }
    text.metric("hearth_profile_state", Type::gauge,
                "1 for the state that the profile is in, 0 for the others.");
    for (const auto& profile : profiles) {
        for (const auto state : states) {
            text.sample({{"profile", profile.status.profile.text()}, {"state", to_string(state)}},
                        std::uint64_t{profile.status.state == state ? 1U : 0U});
        }
    }
}

// A gauge that those profiles have that know the instant.
void write_instants(Exposition& text, const Profiles& profiles, std::string_view name,
                    std::string_view help, std::optional<Instant> ProfileStatus::* member) {
    text.metric(name, Type::gauge, help);
    for (const auto& profile : profiles) {
        const auto& instant = profile.status.*member;
        if (instant)
            text.sample({{"profile", profile.status.profile.text()}}, seconds_of(*instant));
    }
}

// From zero on, so that the first of them is seen as an increase.
void write_outcomes(Exposition& text, const Metrics& counted, const Profiles& profiles,
                    std::string_view name, std::string_view help,
                    std::span<const Outcome> outcomes) {
    text.metric(name, Type::counter, help);
    for (const auto& profile : profiles) {
        const auto& tally = counted.of(profile.status.profile);
        for (const auto& outcome : outcomes) {
            text.sample({{"profile", profile.status.profile.text()}, {"outcome", outcome.name}},
                        count_of(tally, outcome.kind));
        }
    }
}

void write_counts(Exposition& text, const Metrics& counted, const Profiles& profiles,
                  std::string_view name, std::string_view help,
                  std::uint64_t Metrics::Tally::* member) {
    text.metric(name, Type::counter, help);
    for (const auto& profile : profiles) {
        text.sample({{"profile", profile.status.profile.text()}},
                    counted.of(profile.status.profile).*member);
    }
}

void write_events(Exposition& text, const Metrics& counted, const Profiles& profiles) {
    text.metric("hearth_events_total", Type::counter,
                "What hearth events told of, by what it is; what never happened is left out.");
    for (const auto& profile : profiles) {
        const auto& name = profile.status.profile;
        for (const auto& [kind, count] : counted.of(name).events)
            text.sample({{"profile", name.text()}, {"event", to_string(kind)}}, count);
    }
}

Observed observe(Service& service) {
    const auto& settings = service.engine.settings();
    Observed observed{.version = service.version,
                      .since = service.since,
                      .connections = service.connections(),
                      .profiles = {}};
    std::set<SessionId> sessions;
    for (auto& status : service.engine.status()) {
        const auto profile = settings.profiles.find(status.profile);
        if (status.version.counter != 0 && profile != settings.profiles.end())
            sessions.insert(profile->second->session);
        with_helper(service, status);
        auto name = shown_name(service, status.profile);
        observed.profiles.push_back({.status = std::move(status), .name = std::move(name)});
    }
    observed.sessions = sessions.size();
    return observed;
}

}  // namespace

std::string report(const Metrics& counted, const Observed& observed) {
    const auto& profiles = observed.profiles;
    Exposition text;
    write_agent(text, observed);
    write_states(text, profiles);
    write_instants(text, profiles, "hearth_token_expiry_timestamp_seconds",
                   "When the token that is handed out expires, in seconds since 1970.",
                   &ProfileStatus::expires_at);
    write_instants(
        text, profiles, "hearth_renewal_timestamp_seconds",
        "When the session was renewed last, by whichever process, in seconds since 1970.",
        &ProfileStatus::renewed_at);
    write_instants(text, profiles, "hearth_sign_in_expiry_timestamp_seconds",
                   "When a person has to sign in again, where known, in seconds since 1970.",
                   &ProfileStatus::refresh_expires_at);
    write_counts(text, counted, profiles, "hearth_handed_out_total",
                 "Answers that carried the profile's credential.", &Metrics::Tally::handed_out);
    write_counts(text, counted, profiles, "hearth_rejected_total",
                 "Reports that a server refused the profile's credential.",
                 &Metrics::Tally::rejected);
    write_outcomes(text, counted, profiles, "hearth_renewals_total",
                   "Renewals of the profile's session by this agent, by how they ended.",
                   renewal_outcomes);
    write_outcomes(text, counted, profiles, "hearth_sign_ins_total",
                   "Sign-ins of a person, by how they ended.", sign_in_outcomes);
    write_outcomes(text, counted, profiles, "hearth_sink_changes_total",
                   "Changes of the profile's sinks, by how they ended.", sink_outcomes);
    write_events(text, counted, profiles);
    return text.text();
}

void metrics(Service& service, const CallPtr& call) {
    Line line;
    line.object("ok").text("text", report(service.metrics, observe(service)));
    call->answer(line.take());
}

}  // namespace hearth::agent
