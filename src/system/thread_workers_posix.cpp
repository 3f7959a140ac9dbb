#include <pthread.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <list>
#include <mutex>
#include <utility>

#include "system/blocked_signals.hpp"
#include "system/thread_workers.hpp"

namespace hearth::system {
namespace {

// Enough for a TLS handshake and a name look-up; std::thread would reserve the system's 8 MiB for
// each.
constexpr std::size_t stack_size = 256UL * 1024;

// Starts a joinable thread on a small stack.
bool start_thread(pthread_t& thread, void* (*body)(void*), void* argument) {
    pthread_attr_t attributes;
    if (::pthread_attr_init(&attributes) != 0) return false;
    (void)::pthread_attr_setstacksize(&attributes, stack_size);
    const BlockedSignals quiet;
    const bool started = ::pthread_create(&thread, &attributes, body, argument) == 0;
    (void)::pthread_attr_destroy(&attributes);
    return started;
}

}  // namespace

// The threads of one kind of work.
class ThreadWorkers::Crew {
  public:
    using Task = session::Loop::Task;

    Crew(std::size_t limit, std::chrono::milliseconds idle) : limit_(limit), idle_(idle) {}
    Crew(const Crew&) = delete;
    Crew& operator=(const Crew&) = delete;

    ~Crew() {
        std::unique_lock lock(mutex_);
        ending_ = true;
        wake_.notify_all();
        gone_.wait(lock, [this] { return alive_ == 0; });
        lock.unlock();
        join_ended();
    }

    void run(Task task) {
        join_ended();
        std::unique_lock lock(mutex_);
        tasks_.push_back(std::move(task));
        if (tasks_.size() <= resting_) {
            wake_.notify_one();
        } else if (alive_ < limit_ && !hire() && alive_ == 0) {
            // Better late on the caller's thread than never.
            work_off(lock);
        }
    }

    [[nodiscard]] std::size_t threads() const {
        const std::scoped_lock lock(mutex_);
        return alive_;
    }

  private:
    struct Thread {
        Crew* crew;
        pthread_t handle;
    };

    bool hire() {
        threads_.push_back({.crew = this, .handle = {}});
        auto& thread = threads_.back();
        const bool started = start_thread(
            thread.handle,
            [](void* self) -> void* {
                auto* const one = static_cast<Thread*>(self);
                one->crew->live(one);
                return nullptr;
            },
            &thread);
        if (started) {
            ++alive_;
        } else {
            threads_.pop_back();
        }
        return started;
    }

    void live(Thread* self) {
        std::unique_lock lock(mutex_);
        while (true) {
            work_off(lock);
            ++resting_;
            const bool called =
                wake_.wait_for(lock, idle_, [this] { return ending_ || !tasks_.empty(); });
            --resting_;
            if (!called || (ending_ && tasks_.empty())) break;
        }
        const auto mine = std::ranges::find(threads_, self, [](Thread& one) { return &one; });
        ended_.splice(ended_.end(), threads_, mine);
        --alive_;
        gone_.notify_all();
    }

    // Runs tasks until none is left; the lock is let go while one runs.
    void work_off(std::unique_lock<std::mutex>& lock) {
        while (!tasks_.empty()) {
            Task task = std::move(tasks_.front());
            tasks_.pop_front();
            lock.unlock();
            task();
            // What the task holds may call back here when it is dropped.
            task = {};
            lock.lock();
        }
    }

    void join_ended() {
        std::list<Thread> ended;
        {
            const std::scoped_lock lock(mutex_);
            ended.swap(ended_);
        }
        for (const auto& thread : ended) (void)::pthread_join(thread.handle, nullptr);
    }

    const std::size_t limit_;
    const std::chrono::milliseconds idle_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::condition_variable gone_;
    std::deque<Task> tasks_;
    std::list<Thread> threads_;
    std::list<Thread> ended_;  // Joined by the next who comes.
    std::size_t alive_ = 0;
    std::size_t resting_ = 0;
    bool ending_ = false;
};

ThreadWorkers::ThreadWorkers() : ThreadWorkers(Limits{}) {}

ThreadWorkers::ThreadWorkers(const Limits& limits)
    : store_(std::make_unique<Crew>(limits.store, limits.idle)),
      network_(std::make_unique<Crew>(limits.network, limits.idle)),
      person_(std::make_unique<Crew>(limits.person, limits.idle)) {}

ThreadWorkers::~ThreadWorkers() = default;

void ThreadWorkers::run(session::Work kind, session::Loop::Task task) {
    switch (kind) {
        case session::Work::store:
            store_->run(std::move(task));
            break;
        case session::Work::network:
            network_->run(std::move(task));
            break;
        case session::Work::person:
            person_->run(std::move(task));
            break;
    }
}

std::size_t ThreadWorkers::threads() const {
    return store_->threads() + network_->threads() + person_->threads();
}

}  // namespace hearth::system
