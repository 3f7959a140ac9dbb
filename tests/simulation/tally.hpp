// How often a simulated world came through each fault and each step of a renewal: what was never
// reached was not tested.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace hearth::simulation {

enum class Reached : std::uint8_t {
    // Steps of a renewal, as seen from the ports.
    lock_taken,
    lock_busy,
    lock_wanted,
    reloaded,
    intent_written,
    sent,
    sent_again,
    renewed,
    saved,
    saved_later,
    settled,
    verified,
    resolved,
    closed,
    sign_in_needed,
    adopted,
    // The process died just before or just after.
    crash_locking,
    crash_reloading,
    crash_recording,
    crash_sending,
    crash_saving,
    crash_settling,
    crash_signing_in,
    crash_signing_out,
    crash_elsewhere,
    // The machine.
    reboot,
    suspend,
    clock_forward,
    clock_back,
    disk_full,
    // The store and the journal.
    store_locked,
    store_unavailable,
    store_timed_out,
    store_damaged,
    store_slow,
    save_refused,
    save_landed_unseen,
    journal_unreadable,
    journal_unwritten,
    lock_failed,
    watch_refused,
    // The network.
    not_reached,
    request_lost,
    reply_lost,
    request_delayed,
    request_twice,
    request_overtaken,
    // The provider.
    rotated,
    not_rotated,
    leeway_used,
    reuse_detected,
    shorter_life,
    no_expiry,
    no_refresh_token,
    garbage,
    server_error,
    throttled,
    throttled_for_long,
    client_refused,
    date_skewed,
    revoked_by_user,
    outage,
    // The user and the programs.
    signed_in,
    sign_in_cancelled,
    sign_in_refused,
    account_switched,
    key_given,
    signed_out,
    settings_changed,
    profile_removed,
    profile_back,
    agent_locked,
    rejected,
    asked_more_life,
    caller_gone,
    one_shot,
    agent_stopped,
    count
};

std::string_view to_string(Reached one) noexcept;

struct Tally {
    std::array<std::uint64_t, static_cast<std::size_t>(Reached::count)> counts{};

    void count(Reached one) noexcept { ++counts[static_cast<std::size_t>(one)]; }
    [[nodiscard]] std::uint64_t of(Reached one) const noexcept {
        return counts[static_cast<std::size_t>(one)];
    }
    void add(const Tally& other) noexcept {
        for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += other.counts[i];
    }
};

}  // namespace hearth::simulation
