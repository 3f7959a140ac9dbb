#include "stores/errand.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

namespace hearth::stores {
namespace {

// What cancelled work may take to notice. GLib's own waits notice at once.
constexpr Span grace = std::chrono::milliseconds(500);

struct Errand {
    Errand(const Libsecret& functions, std::move_only_function<void(GCancellable*)> task)
        : library(functions), cancellable(functions.g_cancellable_new()), work(std::move(task)) {}
    Errand(const Errand&) = delete;
    Errand& operator=(const Errand&) = delete;
    Errand(Errand&&) = delete;
    Errand& operator=(Errand&&) = delete;
    ~Errand() { library.g_object_unref(cancellable); }

    void run() {
        work(cancellable);
        const std::scoped_lock guard(mutex);
        done = true;
        ended.notify_all();
    }
    bool wait(Span limit) {
        std::unique_lock guard(mutex);
        return ended.wait_for(guard, limit, [&] { return done; });
    }

    const Libsecret& library;
    GCancellable* cancellable;
    std::move_only_function<void(GCancellable*)> work;
    std::mutex mutex;
    std::condition_variable ended;
    bool done = false;
};

}  // namespace

ErrandEnd run_errand(const Libsecret& library, Span limit,
                     std::move_only_function<void(GCancellable*)> work) {
    const auto errand = std::make_shared<Errand>(library, std::move(work));
    std::thread thread([errand] { errand->run(); });
    bool done = errand->wait(limit);
    if (!done) {
        library.g_cancellable_cancel(errand->cancellable);
        done = errand->wait(grace);
    }
    if (!done) {
        // Nothing can end it; the thread and what it owns are the price of answering in time.
        thread.detach();
        return ErrandEnd::abandoned;
    }
    thread.join();
    return ErrandEnd::done;
}

}  // namespace hearth::stores
