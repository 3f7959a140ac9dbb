#include "session/keeper.hpp"

#include <exception>
#include <utility>

#include "session/codec.hpp"

namespace hearth::session {
namespace {

using namespace std::chrono_literals;

// Somebody may sign in at any moment.
constexpr Span base_pause = 2s;

// A renewal's outcome as the machine knows it: immutable, and counted up.
Answered answered(providers::Renewal renewal, const Session& before, Random& random) {
    Answered event;
    event.server_skew = renewal.server_skew;
    if (auto* const renewed = std::get_if<providers::Renewed>(&renewal.outcome)) {
        const bool first = before.version.lineage.empty();
        renewed->session.version = {first ? random.hex(16) : before.version.lineage,
                                    before.version.counter + 1};
        if (!first) renewed->session.signed_in_at = before.signed_in_at;
        event.outcome = RenewedAnswer{std::make_shared<const Session>(std::move(renewed->session))};
    } else if (auto* const invalid = std::get_if<providers::GrantInvalid>(&renewal.outcome)) {
        event.outcome = GrantInvalidAnswer{std::move(invalid->error)};
    } else if (auto* const refused = std::get_if<providers::NotRenewed>(&renewal.outcome)) {
        event.outcome = NotRenewedAnswer{std::move(refused->error), refused->worth_retrying,
                                         refused->retry_after, refused->look_again, refused->ours};
    } else {
        event.outcome =
            LostAnswer{std::move(std::get<providers::AnswerLost>(renewal.outcome).error)};
    }
    return event;
}

const std::string& issuer_of(const Session& session) {
    return session.issuer.empty() ? session.token_endpoint : session.issuer;
}

}  // namespace

class Loan::Borrowed final : public HeldLock {
  public:
    Borrowed(std::shared_ptr<Loan> loan, std::unique_ptr<HeldLock> lock)
        : loan_(std::move(loan)), lock_(std::move(lock)) {}
    Borrowed(const Borrowed&) = delete;
    Borrowed& operator=(const Borrowed&) = delete;
    ~Borrowed() override { loan_->put(std::move(lock_)); }

  private:
    std::shared_ptr<Loan> loan_;
    std::unique_ptr<HeldLock> lock_;
};

std::unique_ptr<HeldLock> Loan::borrow() {
    if (auto lock = take()) return std::make_unique<Borrowed>(shared_from_this(), std::move(lock));
    loop_.post([self = shared_from_this()] {
        if (const auto keeper = self->keeper()) keeper->lend_to(*self);
    });
    return nullptr;
}

void Loan::put(std::unique_ptr<HeldLock> lock) {
    const std::scoped_lock guard(mutex_);
    lock_ = std::move(lock);
}

std::unique_ptr<HeldLock> Loan::take() {
    const std::scoped_lock guard(mutex_);
    return std::move(lock_);
}

Keeper::Keeper(std::shared_ptr<Surroundings> surroundings, SessionId id)
    : surroundings_(std::move(surroundings)), id_(std::move(id)) {
    machine_.process = surroundings_->process;
}

void Keeper::lend_to(Loan& loan) {
    borrower_ = &loan;
    dispatch(LoanAsked{});
    borrower_ = nullptr;
}

void Keeper::end(Loan& loan, std::optional<Replaced> replaced) {
    auto lock = loan.take();
    const bool lent = lock != nullptr;
    if (lent) lock_ = std::make_shared<std::unique_ptr<HeldLock>>(std::move(lock));
    if (replaced) {
        dispatch(*std::move(replaced));
    } else if (lent) {
        dispatch(LockReturned{});
    }
}

void Keeper::retire() {
    retired_ = true;
    if (timer_ != 0) surroundings_->loop.cancel(std::exchange(timer_, 0));
}

void Keeper::configure(providers::Provider* provider, std::shared_ptr<const Profile> profile,
                       RenewalPolicy policy, bool by_timer) {
    provider_ = provider;
    profile_ = std::move(profile);
    const bool unattended = provider_ != nullptr && profile_ && provider_->unattended(*profile_);
    dispatch(PolicyChanged{policy, by_timer, unattended});
}

void Keeper::dispatch(Happening event) {
    if (retired_) return;
    const bool unread = std::holds_alternative<Unread>(machine_.stage);
    const auto& shelf = surroundings_->shelf;
    auto turn =
        after(std::move(machine_), std::move(event), shelf.clock.now(), shelf.random.fraction());
    machine_ = std::move(turn.machine);
    for (auto& effect : turn.effects) {
        std::visit([this](auto& one) { perform(one); }, effect);
    }
    arm();
    if (unread && !std::holds_alternative<Unread>(machine_.stage)) surroundings_->on_read(*this);
}

void Keeper::arm() {
    const auto wake = machine_.wake();
    if (wake == armed_) return;
    if (timer_ != 0) surroundings_->loop.cancel(std::exchange(timer_, 0));
    armed_ = wake;
    if (!wake) return;
    timer_ = surroundings_->loop.at(*wake, [weak = weak_from_this()] {
        const auto self = weak.lock();
        if (!self) return;
        self->timer_ = 0;
        self->armed_.reset();
        self->dispatch(Ticked{});
    });
}

void Keeper::off_loop(Work kind, std::move_only_function<Happening(const Shelf&)> work) {
    surroundings_->workers.run(kind, [self = shared_from_this(), work = std::move(work)]() mutable {
        auto& surroundings = *self->surroundings_;
        auto event = work(surroundings.shelf);
        surroundings.loop.post([self = std::move(self), event = std::move(event)]() mutable {
            self->dispatch(std::move(event));
        });
    });
}

void Keeper::journal_changed() {
    off_loop(Work::store, [id = id_](const Shelf& shelf) -> Happening {
        auto journal = shelf.journals.read(id);
        return JournalChanged{journal ? *std::move(journal) : Journal{}};
    });
}

void Keeper::perform(Peek& /*effect*/) {
    off_loop(Work::store, [id = id_](const Shelf& shelf) -> Happening {
        return Peeked{read_stored(shelf, id)};
    });
}

void Keeper::perform(Reload& /*effect*/) {
    off_loop(Work::store, [id = id_](const Shelf& shelf) -> Happening {
        return Reloaded{read_stored(shelf, id)};
    });
}

void Keeper::perform(TryLock& /*effect*/) {
    if (!lock_) lock_ = std::make_shared<std::unique_ptr<HeldLock>>();
    off_loop(Work::store, [id = id_, lock = lock_](const Shelf& shelf) -> Happening {
        auto held = shelf.locks.try_acquire(id);
        if (!held) return LockTried{LockTried::Outcome::failed, std::move(held).error()};
        if (!*held) return LockTried{LockTried::Outcome::busy, {}};
        *lock = *std::move(held);
        return LockTried{LockTried::Outcome::acquired, {}};
    });
}

void Keeper::perform(Unlock& /*effect*/) {
    // The lock itself, not a share of it: the worker that took it may still hold one.
    if (const auto lock = std::exchange(lock_, nullptr)) lock->reset();
}

void Keeper::perform(Lend& /*effect*/) {
    if (const auto lock = std::exchange(lock_, nullptr)) borrower_->put(std::move(*lock));
}

void Keeper::perform(WriteJournal& effect) {
    off_loop(Work::store,
             [id = id_, journal = std::move(effect.journal)](const Shelf& shelf) -> Happening {
                 return JournalWritten{shelf.journals.write(id, journal)};
             });
}

void Keeper::perform(Save& effect) {
    off_loop(Work::store,
             [id = id_, session = std::move(effect.session)](const Shelf& shelf) -> Happening {
                 return Saved{shelf.store.save(id, encode(*session))};
             });
}

void Keeper::perform(Send& effect) {
    const auto place = surroundings_->limiter.queue(issuer_of(*effect.session));
    send_in_turn(place, std::move(effect.session));
}

void Keeper::send_in_turn(RateLimiter::Place place, SessionPtr session) {
    const auto now = surroundings_->shelf.clock.now().boot;
    const Span wait = surroundings_->limiter.wait(issuer_of(*session), place, now);
    queued_ = wait > Span{};
    if (!queued_) return send_now(std::move(session));
    surroundings_->loop.at(
        now + wait, [self = shared_from_this(), place, session = std::move(session)]() mutable {
            self->send_in_turn(place, std::move(session));
        });
}

void Keeper::send_now(SessionPtr session) {
    if (provider_ == nullptr || !profile_)
        return not_sent({Remedy::usage, "no provider is there to renew this session with",
                         "hearth profile show " + id_.text()},
                        {});
    const auto base = provider_->rests_on(*profile_);
    if (!base) return send_with({}, std::move(session));
    base_ = surroundings_->on_base(*base, [weak = weak_from_this(), session = std::move(session)](
                                              Result<providers::Base> got) mutable {
        const auto self = weak.lock();
        if (!self) return;
        if (got) return self->send_with(*std::move(got), std::move(session));
        self->not_sent(std::move(got).error(), base_pause);
    });
}

void Keeper::not_sent(Error error, std::optional<Span> look_again) {
    NotRenewedAnswer answer{std::move(error), look_again.has_value(), {}, look_again, true};
    surroundings_->loop.post([self = shared_from_this(), answer = std::move(answer)]() mutable {
        self->dispatch(Answered{std::move(answer), {}});
    });
}

void Keeper::send_with(std::optional<providers::Base> base, SessionPtr session) {
    off_loop(
        Work::network,
        [provider = provider_, profile = profile_, base = std::move(base),
         session = std::move(session)](const Shelf& shelf) -> Happening {
            try {
                auto renewal = base ? provider->renew_with(*base, *profile, *session, {})
                                    : provider->renew(*profile, *session, {});
                return answered(std::move(renewal), *session, shelf.random);
            } catch (const std::exception& exception) {
                // Whatever broke, the request may be out.
                return Answered{
                    LostAnswer{{Remedy::failed,
                                std::string("the renewal broke off: ") + exception.what(), ""}},
                    {}};
            }
        });
}

void Keeper::perform(Answer& effect) {
    surroundings_->on_answer(effect.waiter, std::move(effect.with));
}

void Keeper::perform(Announce& effect) { surroundings_->on_announce(*this, effect); }

}  // namespace hearth::session
